# Once, after the first healthy start. The place to obtain API tokens, and to keep them with ctx.secret.
echo "$(date -u '+%F %T') first healthy start" >> "$STACK_DATA_DIR/hello/diary.txt"
