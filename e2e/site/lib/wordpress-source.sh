# shellcheck shell=bash
# Where the WordPress files come from: a folder that was given, the npm package wp-studio, or Debian 13's
# package. Each source lays a complete WordPress into the folder it is given, or returns false.

WP_STUDIO_VERSION=1.22.0
WP_STUDIO_FILES=package/dist/cli/wp-files
DEBIAN_SUITE=trixie
DEBIAN_PACKAGES=(wordpress wordpress-theme-twentytwentyfive libjs-lodash libjs-underscore libjs-cropper php-getid3)

# wordpress_from_folder SOURCE TARGET: without what belongs to the other site alone.
wordpress_from_folder() {
  tar -C "$1" -c --exclude=./wp-config.php --exclude=./.git --exclude=./wp-content/uploads \
    --exclude=./wp-content/cache --exclude=./wp-content/upgrade --exclude=./wp-content/mu-plugins \
    --exclude=./wp-content/db.php --exclude=./wp-content/object-cache.php \
    --exclude=./wp-content/advanced-cache.php --exclude=./wp-content/debug.log \
    --exclude=./wp-content/plugins/jetonomy-sidecar . | tar -C "$2" -x
}

# wordpress_from_npm TARGET: npm checks the package against the registry's sum of it.
wordpress_from_npm() {
  local archive=$CACHE_DIR/wp-studio-$WP_STUDIO_VERSION.tgz work=$RUN_DIR/tmp/npm
  command -v npm >/dev/null || { note "there is no npm here"; return 1; }
  if [[ ! -s $archive ]]; then
    rm -rf "$work"
    mkdir -p "$work"
    (cd "$work" && timeout 600 npm pack "wp-studio@$WP_STUDIO_VERSION" --ignore-scripts --prefer-offline \
      --no-update-notifier --loglevel error) </dev/null || { note "npm cannot fetch wp-studio $WP_STUDIO_VERSION"; return 1; }
    mv "$work"/wp-studio-*.tgz "$archive" || return 1
    rm -rf "$work"
  fi
  tar -xzf "$archive" -C "$1" --strip-components=6 "$WP_STUDIO_FILES/latest/wordpress" || { rm -f "$archive"; return 1; }
  tar -xzOf "$archive" "$WP_STUDIO_FILES/wp-cli/wp-cli.phar" >"$RUN_DIR/wp-cli.phar" || return 1
}

# wordpress_from_debian TARGET: fetched by apt with lists of its own, checked against Debian's key,
# unpacked and not installed, so it needs no rights and changes nothing on the machine.
wordpress_from_debian() {
  local work=$RUN_DIR/tmp/debian mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg deb options
  rm -rf "$work"
  mkdir -p "$work"/{lists/partial,archives/partial,debs,files} || return 1
  mirror=$(debian_mirror)
  if [[ -z $mirror ]]; then
    note "apt knows no Debian mirror here"
    return 1
  fi
  [[ -e $keyring ]] || { note "the package debian-archive-keyring is missing"; return 1; }
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$DEBIAN_SUITE" >"$work/sources.list"
  : >"$work/status"
  options=(-o "Dir::State=$work" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work"
    -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
    -o Acquire::Languages=none -o Acquire::Retries=3)
  [[ $(id -u) != 0 ]] || options+=(-o APT::Sandbox::User=root)
  apt-get -q "${options[@]}" update || return 1
  (cd "$work/debs" && apt-get -q "${options[@]}" download "${DEBIAN_PACKAGES[@]}") || return 1
  for deb in "$work"/debs/*.deb; do
    dpkg-deb -x "$deb" "$work/files" || return 1
  done
  # The libraries are links into other packages, which lie beside it here; what remains points to files
  # of an installed system.
  rm -f "$work/files/usr/share/wordpress/.htaccess" "$work/files/usr/share/wordpress/wp-config.php"
  find "$work/files/usr/share/wordpress" -xtype l -delete || return 1
  cp -rL "$work/files/usr/share/wordpress/." "$1/" || return 1
  rm -rf "$work" "$RUN_DIR/wp-cli.phar"
}

# debian_mirror: where this machine gets Debian from.
debian_mirror() {
  local format=(apt-get indextargets --format "\$(REPO_URI)") mirror
  {
    "${format[@]}" 'Created-By: Packages' 'Origin: Debian' 'Label: Debian'
    # Where apt has fetched no lists yet, the address alone tells.
    "${format[@]}" --no-release-info 'Created-By: Packages' | grep '/debian/\?$'
  } 2>/dev/null | {
    read -r mirror || true
    printf '%s' "$mirror"
    cat >/dev/null
  }
}

# wordpress_wanted: prints auto, npm, debian or a folder, and stops when this site has another WordPress.
wordpress_wanted() {
  local wanted=${WORDPRESS_SOURCE:-auto} had
  case $wanted in
  auto | npm | debian) ;;
  *) die "WORDPRESS_SOURCE is '$wanted': it must be auto, npm or debian" ;;
  esac
  # The site's own folder is in its env file under this name.
  if [[ -n ${WORDPRESS_DIR:-} && $WORDPRESS_DIR != "$WORDPRESS" && ! $WORDPRESS_DIR -ef $WORDPRESS ]]; then
    [[ -f $WORDPRESS_DIR/wp-load.php && -f $WORDPRESS_DIR/wp-includes/version.php ]] ||
      die "WORDPRESS_DIR=$WORDPRESS_DIR holds no WordPress"
    wanted=$(cd "$WORDPRESS_DIR" && pwd)
  fi
  if [[ -f $WORDPRESS/wp-load.php && $wanted != auto ]]; then
    had=$(cat "$RUN_DIR/wordpress.source" 2>/dev/null || true)
    [[ $had == "$wanted" ]] || die "this site has the WordPress from '$had', not from '$wanted'" \
      "run 'make clean' first (it deletes the site's data), or use another RUN_DIR"
  fi
  printf '%s\n' "$wanted"
}

# wordpress_files WANTED: lays RUN_DIR/wordpress, once; wordpress.source says where it came from.
wordpress_files() {
  local wanted=$1 source='' new=$RUN_DIR/wordpress.new try tries=("$1")
  [[ ! -f $WORDPRESS/wp-load.php ]] || return 0
  [[ $wanted != auto ]] || tries=(npm debian)

  step "fetching WordPress" "$LOG_DIR/wordpress-source.log"
  : >"$STEP_LOG"
  for try in "${tries[@]}"; do
    rm -rf "$new"
    mkdir -p "$new"
    case $try in
    npm | debian)
      if ! "wordpress_from_$try" "$new" >>"$STEP_LOG" 2>&1; then
        note "not from $try: $(tail -n 1 "$STEP_LOG" | sed 's/^ *//')"
        continue
      fi
      ;;
    *) wordpress_from_folder "$try" "$new" ;;
    esac
    source=$try
    break
  done
  [[ -n $source && -f $new/wp-load.php ]] || die "no WordPress could be fetched (tried: ${tries[*]})" \
    "unpack one yourself, and run: WORDPRESS_DIR=/path/to/wordpress make up"
  printf '%s\n' "$source" >"$RUN_DIR/wordpress.source"
  mv "$new" "$WORDPRESS"
  note "$(php -r 'require $argv[1]; echo "WordPress ", $wp_version;' "$WORDPRESS/wp-includes/version.php") from $source"
}
