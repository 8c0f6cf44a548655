# Asks a php-fpm of its own for php.php, as a web server does: `sh php_fpm.sh /usr/sbin/php-fpm8.2 curl`.
here=$(cd "$(dirname "$0")" && pwd)
place=$(mktemp -d)
chmod 755 "$place"
cp "$here/php.php" "$place/"
cat >"$place/pool.conf" <<END
[global]
error_log = /dev/stderr
daemonize = no
[www]
listen = $place/socket
listen.mode = 0666
pm = static
pm.max_children = 1
$([ "$(id -u)" != 0 ] || printf 'user = nobody\ngroup = nogroup\n')
END
"$1" --fpm-config "$place/pool.conf" 2>"$place/log" &
trap 'kill $!; rm -r "$place"' EXIT
for _ in $(seq 300); do
    grep -q "ready to handle" "$place/log" && break
    sleep 0.1
done
SCRIPT_FILENAME=$place/php.php QUERY_STRING=client=$2 REQUEST_METHOD=GET \
    cgi-fcgi -bind -connect "$place/socket" | tail -n 1
