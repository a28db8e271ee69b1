# shellcheck shell=bash
# php-fpm and nginx.

web_up() {
  local fpm sum
  FPM_SOCKET=$SOCKET_DIR/php-fpm.sock
  FAST_PATH=$ROOT/docs/nginx-fast-path.conf
  SENDMAIL_PATH=$(sendmail_path)
  FPM_USER='; runs as the user who started it'
  NGINX_USER='# runs as the user who started it'
  if [[ $(id -u) == 0 ]]; then
    FPM_USER=$'user = root\ngroup = root'
    NGINX_USER='user root;'
  fi
  render "$SITE_DIR/config/php-fpm.conf" "$CONFIG_DIR/php-fpm.conf" FPM_USER FPM_SOCKET LOG_DIR RUN_DIR SENDMAIL_PATH
  render "$SITE_DIR/config/fastcgi.conf" "$CONFIG_DIR/fastcgi.conf"
  render "$SITE_DIR/config/nginx.conf" "$CONFIG_DIR/nginx.conf" NGINX_USER RUN_DIR LOG_DIR CONFIG_DIR WORDPRESS \
    FPM_SOCKET FAST_PATH SITE_PORT SIDECAR_PORT

  fpm=$(php_fpm)
  sum=$(fingerprint "$CONFIG_DIR/php-fpm.conf" "$WORDPRESS/wp-config.php")
  if ! service_current php-fpm "$sum"; then
    step "starting php-fpm" "$(log_file php-fpm)"
    # -R allows root, who is told so by the pool's configuration alone.
    service_start php-fpm "$sum" "$fpm" -d opcache.enable=1 -R -F -y "$CONFIG_DIR/php-fpm.conf"
    service_wait php-fpm 20 test -S "$FPM_SOCKET"
  fi

  sum=$(fingerprint "$CONFIG_DIR/nginx.conf" "$CONFIG_DIR/fastcgi.conf" "$FAST_PATH")
  if ! service_current nginx "$sum"; then
    step "starting nginx" "$(log_file nginx)"
    service_stop nginx
    claim_port "$SITE_PORT" SITE_PORT nginx
    service_start nginx "$sum" nginx -p "$RUN_DIR/" -e "$(log_file nginx)" -c "$CONFIG_DIR/nginx.conf"
    service_wait nginx 20 site_listens
  fi
}

site_listens() { ! port_is_free "$SITE_PORT"; }

# answers URL: it says 200.
answers() {
  [[ $(curl -sS --noproxy '*' --max-time 30 -o /dev/null -w '%{http_code}' "$1" 2>/dev/null) == 200 ]]
}

site_answers() {
  step "asking the site" "$LOG_DIR/wordpress.log"
  local url urls=("$SITE_URL/" "$SITE_URL/wp-json/")
  ! wants_plugin || urls+=("$SIDECAR_INTERNAL_URL/readyz")
  for url in "${urls[@]}"; do
    wait_until 30 answers "$url" ||
      die "$url does not answer with 200: $(curl -sS --noproxy '*' --max-time 30 -o /dev/null -w '%{http_code}' "$url" 2>&1 || true)"
  done
}
