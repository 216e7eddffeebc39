/** What the system and programs say when a disk or a quota has no room left. */
export const diskFull = /no space left|disk quota exceeded|ENOSPC|EDQUOT/i
