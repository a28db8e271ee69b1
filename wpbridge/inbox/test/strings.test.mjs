/**
 * The texts of the inbox are named twice: where they are used, and where WordPress translates them.
 */
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const read = ( path ) => readFile( fileURLToPath( new URL( path, import.meta.url ) ), 'utf8' );
const source = await read( '../src/strings.ts' );
const php = await read( '../../plugin/includes/member/class-inbox-strings.php' );

/** The words between quotes of a union type in strings.ts. */
const typed = ( name ) => [ ...( new RegExp( `export type ${ name } =([^;]+);` ).exec( source )?.[ 1 ] ?? '' ).matchAll( /'(\w+)'/g ) ].map( ( [ , key ] ) => key );
/** The keys of the PHP array whose values begin with a function. */
const translated = ( call ) => [ ...php.matchAll( new RegExp( `'(\\w+)'\\s*=> ${ call }\\( `, 'g' ) ) ].map( ( [ , key ] ) => key );
const sorted = ( keys ) => [ ...keys ].sort();

test( 'every text that the inbox knows is translated, and no other', () => {
	assert.ok( typed( 'Text' ).length > 100 );
	assert.deepEqual( sorted( translated( '__' ) ), sorted( typed( 'Text' ) ) );
	assert.ok( typed( 'Plural' ).length > 5 );
	assert.deepEqual( sorted( translated( '_n_noop' ) ), sorted( typed( 'Plural' ) ) );
} );

test( 'every text is used', async () => {
	const folder = fileURLToPath( new URL( '../src/ui/', import.meta.url ) );
	const files = ( await readdir( folder ) ).filter( ( name ) => name.endsWith( '.ts' ) );
	const all = ( await Promise.all( files.map( ( name ) => read( `../src/ui/${ name }` ) ) ) ).join( '\n' );
	const unused = [ ...typed( 'Text' ), ...typed( 'Plural' ) ].filter( ( key ) => ! all.includes( `'${ key }'` ) );
	assert.deepEqual( unused, [] );
} );
