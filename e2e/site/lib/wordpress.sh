# shellcheck shell=bash
# wp-config.php, the installation, the plugins and the accounts. Every stage looks at what is there and
# does the rest, so it may run again and again.

PLUGIN_DIR=${PLUGIN_DIR:-$ROOT/wpbridge/plugin}

# PLUGIN_DIR=none: a WordPress without the plugin and without the service, as a new owner of both has it.
wants_plugin() { [[ $PLUGIN_DIR != none ]]; }

wants_jetonomy() { [[ -n ${JETONOMY_DIR:-} && $JETONOMY_DIR != none ]]; }

check_plugins() {
  ! wants_plugin || [[ -f $PLUGIN_DIR/jetonomy-sidecar.php ]] || die "PLUGIN_DIR=$PLUGIN_DIR has no jetonomy-sidecar.php"
  if wants_jetonomy && ! grep -qs 'Plugin Name:' "$JETONOMY_DIR/jetonomy.php"; then
    die "JETONOMY_DIR=$JETONOMY_DIR has no jetonomy.php"
  fi
}

# sendmail_path: mail that WordPress sends becomes a file in RUN_DIR/mail. No quotes: php-fpm takes a value
# that does not begin with / for a relative path.
sendmail_path() { printf '%q %q' "$SITE_DIR/lib/catch-mail" "$RUN_DIR/mail"; }

# site_php FILE [ARGUMENT…]: one of the site's own scripts, with WordPress of this site.
site_php() {
  local script=$SITE_DIR/wordpress/$1
  shift
  WORDPRESS="$WORDPRESS" SITE_URL="$SITE_URL" php -d memory_limit=512M -d display_errors=stderr -d log_errors=0 \
    -d sendmail_path="$(sendmail_path)" -d sys_temp_dir="$RUN_DIR/tmp" "$script" "$@"
}

# wordpress_config: written when the settings in it change; additions by hand stay until then.
wordpress_config() {
  local config=$CONFIG_DIR/wp-config.php before=''
  DB_HOST=localhost:$DB_SOCKET
  # The plugin is a link into the work tree: wp-admin must not be able to delete it.
  FILE_MODS_REFUSED=$(wants_plugin && echo true || echo false)
  [[ ! -f $config ]] || before=$(<"$config")
  (
    umask 077
    render "$SITE_DIR/config/wp-config.php" "$config" DB_PASSWORD DB_HOST SITE_URL SIDECAR_URL LOG_DIR FILE_MODS_REFUSED \
      AUTH_KEY SECURE_AUTH_KEY LOGGED_IN_KEY NONCE_KEY AUTH_SALT SECURE_AUTH_SALT LOGGED_IN_SALT NONCE_SALT
  )
  if [[ ! -f $WORDPRESS/wp-config.php || $before != "$(<"$config")" ]]; then
    cp "$config" "$WORDPRESS/wp-config.php"
  fi
}

# jetonomy_files: a copy of the plugin in JETONOMY_DIR, without what is only for its developers.
jetonomy_files() {
  local target=$WORDPRESS/wp-content/plugins/jetonomy
  rm -rf "$RUN_DIR/tmp/jetonomy"
  mkdir -p "$RUN_DIR/tmp/jetonomy"
  tar -C "$JETONOMY_DIR" -c --exclude=./.git --exclude=./node_modules --exclude=./tests --exclude=./docs \
    --exclude=./marketing . | tar -C "$RUN_DIR/tmp/jetonomy" -x
  rm -rf "$target"
  mv "$RUN_DIR/tmp/jetonomy" "$target"
}

# plugin_link: the site runs the plugin of this work tree, so an edit shows at once. wp-admin may not
# change plugins (DISALLOW_FILE_MODS), or deleting it there would delete the sources.
plugin_link() {
  local link=$WORDPRESS/wp-content/plugins/jetonomy-sidecar target
  target=$(cd "$PLUGIN_DIR" && pwd)
  [[ $(readlink "$link" 2>/dev/null) == "$target" ]] || ln -sfn "$target" "$link"
}

wordpress_cli() {
  [[ -s $RUN_DIR/wp-cli.phar ]] || return 0
  local root_flag=''
  [[ $(id -u) != 0 ]] || root_flag=' --allow-root'
  {
    printf '#!/bin/sh\n# wp-cli on the site beside this file.\n'
    printf 'exec php -d memory_limit=512M -d sendmail_path=%q %q --path=%q%s "$@"\n' \
      "$(sendmail_path)" "$RUN_DIR/wp-cli.phar" "$WORDPRESS" "$root_flag"
  } >"$RUN_DIR/wp"
  chmod 755 "$RUN_DIR/wp"
}

# wordpress_stages: in an order that lets a plugin's activation see the one it depends on.
wordpress_stages() {
  site_php install.php
  if ! wants_plugin; then
    site_php finish.php
    return
  fi
  case ${JETONOMY_DIR:-} in
  '')
    site_php plugins.php
    site_php finish.php
    ;;
  none)
    site_php plugins.php --without-jetonomy
    site_php finish.php
    ;;
  *)
    site_php plugins.php --with-jetonomy
    site_php finish.php --trust-levels
    ;;
  esac
}

# wordpress_up WANTED: WANTED as wordpress_wanted prints it.
wordpress_up() {
  wordpress_files "$1"
  step "setting up WordPress" "$LOG_DIR/wordpress-setup.log"
  : >"$STEP_LOG"
  wordpress_config
  ! wants_plugin || plugin_link
  wordpress_cli
  ! wants_jetonomy || jetonomy_files
  (wordpress_stages) >>"$STEP_LOG" 2>&1
}
