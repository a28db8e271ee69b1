/**
 * Bundles the inbox into one module for the plugin.
 *
 *   node build.mjs           writes ../plugin/assets/messages.js
 *   node build.mjs --check   fails where that file is not what its source makes
 */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';
import { memberNames } from './member-names.mjs';

/** Bytes after gzip: every page of a signed-in member loads it. */
const LARGEST = 45_000;
const OUTPUT = fileURLToPath( new URL( '../plugin/assets/messages.js', import.meta.url ) );

const STYLES = fileURLToPath( new URL( './src/ui/styles/', import.meta.url ) );
const styleSources = await Promise.all( ( await readdir( STYLES ) ).map( ( name ) => readFile( STYLES + name, 'utf8' ) ) );
/** The styles' own variables, which nothing outside uses. Their place here is their name in the bundle: --0, --1, … */
const variables = [ ...new Set( styleSources.join( '' ).match( /--m-[\w-]+/g ) ) ].sort();

/** Templates reach the browser as they are written: without the indentation of their lines, and styles without spaces. */
const templates = {
	name: 'templates',
	setup( { onLoad } ) {
		onLoad( { filter: /src.ui.*\.ts$/ }, async ( { path } ) => {
			const source = await readFile( path, 'utf8' );
			const styles = source.replace( /\bcss`[^`]*`/g, ( style ) =>
				style
					.replace( /\/\*.*?\*\//gs, '' )
					.replace( /\s+/g, ' ' )
					.replace( / ?([{};,]) ?/g, '$1' )
					.replace( /: /g, ':' )
					.replace( /;}/g, '}' )
					// Lines run from side to side in every language that the inbox is in.
					.replace( /\binline-size:/g, 'width:' )
					.replace( /\bblock-size:/g, 'height:' )
					.replace( /--m-[\w-]+/g, ( name ) => `--${ variables.indexOf( name ).toString( 36 ) }` )
			);
			return { loader: 'ts', contents: styles.replace( /\n\t+/g, '\n' ) };
		} );
	},
};

const { outputFiles } = await build( {
	absWorkingDir: fileURLToPath( new URL( '.', import.meta.url ) ),
	entryPoints: [ 'src/index.ts' ],
	bundle: true,
	plugins: [ templates ],
	minify: true,
	// Lit's own private names begin with _$.
	mangleProps: new RegExp( `^(?:_\\$.*|${ ( await memberNames() ).join( '|' ) })$` ),
	format: 'esm',
	target: 'es2022',
	charset: 'utf8',
	legalComments: 'none',
	write: false,
	logLevel: 'warning',
} );
// Two in a hundred smaller than esbuild alone makes it.
const { code } = await minify( outputFiles[ 0 ].text, {
	module: true,
	ecma: 2022,
	format: { preamble: '/* wpbridge/inbox, with Lit (BSD-3-Clause, Copyright Google LLC) */' },
} );
const built = Buffer.from( `${ code }\n` );
const size = gzipSync( built, { level: 9 } ).length;

console.log( `messages.js: ${ built.length } bytes, ${ size } after gzip (at most ${ LARGEST })` );

if ( size > LARGEST ) {
	console.error( 'messages.js is too large.' );
	process.exit( 1 );
}

if ( process.argv.includes( '--check' ) ) {
	const committed = await readFile( OUTPUT ).catch( () => Buffer.alloc( 0 ) );
	if ( ! built.equals( committed ) ) {
		console.error( 'messages.js does not match its source: run node build.mjs.' );
		process.exit( 1 );
	}
} else {
	await writeFile( OUTPUT, built );
}
