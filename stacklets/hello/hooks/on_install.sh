# Once, before the first start. Shell hooks have everything of [env] in their environment, and STACK_DATA_DIR.
set -eu

# Data lies outside of git; `stack destroy hello` moves this folder to the trash.
mkdir -p "$STACK_DATA_DIR/hello"
echo "$(date -u '+%F %T') installed, in $TZ" >> "$STACK_DATA_DIR/hello/diary.txt"
