# Runs in the container: fills the page in from the environment, then serves it.
set -eu

escape() {
  printf '%s' "$1" | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' -e 's/"/\&quot;/g'
}

secret=missing
if [ -n "${PAGE_KEY:-}" ]; then secret="was given, and is not shown"; fi

mkdir -p /www
cat > /www/index.html <<PAGE
<!doctype html>
<html lang="$(escape "$LANGUAGE")">
<meta charset="utf-8">
<title>Hello</title>
<style>body { font: 1.1rem/1.6 system-ui, sans-serif; margin: 15vh auto; max-width: 32rem } dt { float: left; width: 8rem; color: gray }</style>
<h1>$(escape "$GREETING")</h1>
<dl>
  <dt>Time zone</dt><dd>$(escape "$TZ")</dd>
  <dt>Secret</dt><dd>$secret</dd>
  <dt>Started</dt><dd>$(date -u '+%Y-%m-%d %H:%M:%S UTC')</dd>
</dl>
</html>
PAGE

exec httpd -f -p 8080 -h /www
