#!/bin/bash
# Whether the server answers, with what every Debian has.
exec 3<>"/dev/tcp/127.0.0.1/${1:-8383}" || exit 1
printf 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 4 line <&3
[[ $line == *" 200 "* ]]
