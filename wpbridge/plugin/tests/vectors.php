<?php
/**
 * Checks keys, tokens, signatures, settings and the tombstone against the vectors that the sidecar is tested against too.
 *
 * Needs PHP and nothing else: php tests/vectors.php. Prints one line; fails on a mismatch.
 *
 * @package Jetonomy_Sidecar
 */

namespace Jetonomy_Sidecar\Tests;

use Jetonomy_Sidecar\Bridge\Signing_Key;
use Jetonomy_Sidecar\Privacy\Orphan_Columns;
use Jetonomy_Sidecar\Settings;

define( 'ABSPATH', __DIR__ . '/' );

require __DIR__ . '/../includes/bridge/class-signing-key.php';
require __DIR__ . '/../includes/class-settings.php';
require __DIR__ . '/../includes/privacy/class-orphan-columns.php';

$file = dirname( __DIR__, 2 ) . '/testdata/vectors.json';

if ( ! is_file( $file ) ) {
	echo "vectors: wpbridge/testdata/vectors.json is missing\n";
	exit( 1 );
}

$vectors  = json_decode( file_get_contents( $file ), true, 512, JSON_THROW_ON_ERROR );
$checked  = 0;
$failures = array();

$check = static function ( string $what, bool $is_good ) use ( &$checked, &$failures ): void {
	++$checked;

	if ( ! $is_good ) {
		$failures[] = $what;
	}
};

$by_kid = array();

foreach ( $vectors['keys'] as $v ) {
	$key = Signing_Key::from_secret( $v['secret'] );

	$check( "kid of {$v['kid']}", $v['kid'] === $key?->kid() );
	$by_kid[ $v['kid'] ] = $key;
}

$check( 'a secret of 31 bytes is none', null === Signing_Key::from_secret( str_repeat( 's', 31 ) ) );
$check( 'a new secret', 1 === preg_match( '/^[0-9a-f]{64}$/', Signing_Key::generate()->to_array()['secret'] ) );

$v      = $vectors['keys_option'];
$option = array(
	'current'  => ( $by_kid[ $v['current'] ] ?? null )?->to_array(),
	'previous' => array_merge( (array) ( $by_kid[ $v['previous'] ] ?? null )?->to_array(), array( 'until' => $v['until'] ) ),
);
$check( 'the option', serialize( $option ) === $v['serialized'] );

foreach ( $vectors['tokens'] as $v ) {
	$check( "token: {$v['name']}", Signing_Key::from_secret( $v['secret'] )?->sign_token( $v['claims'] ) === $v['token'] );
	$check( "addressed to the sidecar: {$v['name']}", Signing_Key::is_addressed_to_sidecar( $v['token'] ) );
}

foreach ( $vectors['jwt_auth_tokens'] as $v ) {
	$check( "not addressed to the sidecar: {$v['name']}", ! Signing_Key::is_addressed_to_sidecar( $v['token'] ) );
}

foreach ( $vectors['requests'] as $v ) {
	$key  = Signing_Key::from_secret( $v['secret'] );
	$call = array( $v['method'], $v['path'], $v['timestamp'], $v['body'] );

	$check( "signature: {$v['name']}", $key?->sign_request( ...$call ) === $v['signature'] );

	foreach ( array( -301 => false, -300 => true, 0 => true, 300 => true, 301 => false ) as $skew => $is_good ) {
		$check(
			"signature seen {$skew} seconds apart: {$v['name']}",
			$is_good === $key?->verify_request( $v['signature'], ...array( ...$call, $v['timestamp'] + $skew ) )
		);
	}

	$call[3] .= ' ';
	$check( "signature of another body: {$v['name']}", false === $key?->verify_request( $v['signature'], ...array( ...$call, $v['timestamp'] ) ) );
}

foreach ( $vectors['settings'] as $v ) {
	$check( "setting {$v['key']}: {$v['stored']}", Settings::read( array( $v['key'] => $v['stored'] ) )[ $v['key'] ] === $v['value'] );
}

$check( 'the tombstone', Orphan_Columns::TOMBSTONE === $vectors['tombstone'] );

if ( array() !== $failures ) {
	echo 'vectors: ' . count( $failures ) . " of {$checked} failed: " . implode( '; ', $failures ) . "\n";
	exit( 1 );
}

echo "vectors: {$checked} checked\n";
