<?php
/**
 * The accounts and the extension of a new site; run by wordpress-setup with `wp eval-file`, so that no
 * password is on a command line.
 *
 * @package Jetonomy_Sidecar
 */

$accounts = array( 'admin' => array( 'Admin', 'administrator', 'ADMIN_PASSWORD' ) );

if ( 'yes' === getenv( 'DEMO_ACCOUNTS' ) ) {
	$accounts['moderator'] = array( 'Moderator', 'editor', 'DEMO_PASSWORD' );
	$accounts['newcomer']  = array( 'Newcomer', 'subscriber', 'DEMO_PASSWORD' );

	for ( $n = 1; $n <= 6; $n++ ) {
		$accounts[ "member$n" ] = array( "Member $n", 'subscriber', 'DEMO_PASSWORD' );
	}
}

// WordPress tells the owner of an account when its password changes.
add_filter( 'send_password_change_email', '__return_false' );

foreach ( $accounts as $login => list( $name, $role, $password ) ) {
	$user   = get_user_by( 'login', $login );
	$fields = array(
		'display_name' => $name,
		'nickname'     => $name,
		'role'         => $role,
		'user_pass'    => (string) getenv( $password ),
	);

	if ( '' === $fields['user_pass'] ) {
		WP_CLI::error( "$password is empty." );
	}

	$result = $user
		? wp_update_user( array( 'ID' => $user->ID ) + $fields )
		: wp_insert_user(
			$fields + array(
				'user_login' => $login,
				'user_email' => "$login@example.test",
			)
		);

	if ( is_wp_error( $result ) ) {
		WP_CLI::error( "$login: " . $result->get_error_message() );
	}
}

$extensions = (array) get_option( 'jetonomy_pro_extensions', array() );

if ( ! in_array( 'private-messaging', $extensions, true ) ) {
	$extensions[] = 'private-messaging';
	update_option( 'jetonomy_pro_extensions', array_values( $extensions ) );
}

echo 'accounts: ', implode( ', ', array_keys( $accounts ) ), "\n";
