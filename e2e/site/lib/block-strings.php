<?php
/**
 * Prints the translatable strings of every block.json below a folder as a .pot: block-strings.php FOLDER.
 *
 * wp-cli would download the list of these fields. They are title, description and keywords.
 *
 * @package Jetonomy_Sidecar
 */

$folder = rtrim( $argv[1], '/' );
$files  = new RegexIterator( new RecursiveIteratorIterator( new RecursiveDirectoryIterator( $folder, FilesystemIterator::SKIP_DOTS ) ), '#/block\.json$#' );
$paths  = array_map( 'strval', iterator_to_array( $files, false ) );
$fields = array(
	'title'       => 'block title',
	'description' => 'block description',
	'keywords'    => 'block keyword',
);

sort( $paths );
echo "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n";

foreach ( $paths as $path ) {
	$block = json_decode( file_get_contents( $path ), true, 16, JSON_THROW_ON_ERROR );

	foreach ( $fields as $field => $context ) {
		foreach ( (array) ( $block[ $field ] ?? array() ) as $text ) {
			printf( "\n#: %s\nmsgctxt \"%s\"\nmsgid \"%s\"\nmsgstr \"\"\n", substr( $path, strlen( $folder ) + 1 ), $context, addcslashes( $text, "\\\"\n" ) );
		}
	}
}
