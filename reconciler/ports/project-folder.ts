import type { PathLook } from '../model/found-project.ts'
import type { NewFile } from './new-instance.ts'

/** The files of a Compose project, wherever they lie on this machine. Nothing of it is changed. */
export interface ProjectFolder {
  /** The texts of files, in this order; null for one that is not there. */
  texts(paths: readonly string[]): Promise<readonly (string | null)[]>
  /** What lies at these absolute paths; of folders not what is in them. */
  look(paths: readonly string[]): Promise<ReadonlyMap<string, PathLook>>
  /** The same with everything that is in folders, except below `without` and what tools make. */
  lookInside(paths: readonly string[], without: readonly string[]): Promise<ReadonlyMap<string, PathLook>>
  /** Does something while these files lie in a folder of their own, for our eyes only, which is gone afterwards. */
  staged<Answer>(files: readonly NewFile[], work: (directory: string) => Promise<Answer>): Promise<Answer>
}
