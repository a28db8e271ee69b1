# shellcheck shell=bash
# Everything a command of e2e/site uses.

here=$(dirname "${BASH_SOURCE[0]}")
for part in common processes ports packages database wordpress-source wordpress sidecar inbox web; do
  # shellcheck disable=SC1090
  source "$here/$part.sh"
done
unset here part

# What depends on another is stopped before it.
SERVICES=(nginx sidecar php-fpm mariadb)
