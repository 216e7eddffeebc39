# Before it is stopped.
echo "$(date -u '+%F %T') stopped" >> "$STACK_DATA_DIR/hello/diary.txt"
