/**
 * The names of private members that can be shortened everywhere in the bundle: names that nothing else has, here, in
 * Lit or in the browser. What TypeScript calls private is an ordinary property in the bundle, and long names cost.
 */
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname( fileURLToPath( import.meta.url ) );

const filesOf = async ( folder, fits ) =>
	( await readdir( join( here, folder ), { recursive: true } ) ).filter( ( name ) => fits.test( name ) ).sort().map( ( name ) => join( here, folder, name ) );

const textOf = async ( files ) => ( await Promise.all( files.map( ( file ) => readFile( file, 'utf8' ) ) ) ).join( '\n' );

/** Names in sorted order. */
export async function privateNames() {
	const names = new Set();
	const taken = new Set();
	const isMember = ( node ) => ts.isPropertyDeclaration( node ) || ts.isMethodDeclaration( node ) || ts.isAccessor( node ) || ts.isParameterPropertyDeclaration( node, node.parent );
	const isOther = ( node ) => ts.isPropertySignature( node ) || ts.isMethodSignature( node ) || ts.isPropertyAssignment( node ) || ts.isShorthandPropertyAssignment( node );

	const look = ( node ) => {
		const inObject = node.parent && ts.isObjectLiteralExpression( node.parent );
		if ( isMember( node ) && ! inObject && ts.isIdentifier( node.name ) ) {
			const isPrivate = node.modifiers?.some( ( { kind } ) => kind === ts.SyntaxKind.PrivateKeyword );
			( isPrivate ? names : taken ).add( node.name.text );
		} else if ( ( isOther( node ) || inObject ) && node.name ) {
			taken.add( node.name.text );
		} else if ( ts.isStringLiteralLike( node ) ) {
			taken.add( node.text );
		}
		ts.forEachChild( node, look );
	};
	for ( const file of await filesOf( 'src', /\.ts$/ ) ) {
		const source = await readFile( file, 'utf8' );
		look( ts.createSourceFile( file, source, ts.ScriptTarget.ES2022, true ) );
		// Properties that a template sets.
		for ( const [ , name ] of source.matchAll( /\s\.(\w+)=\$/g ) ) {
			taken.add( name );
		}
	}
	const others = await Promise.all( [
		filesOf( 'node_modules/typescript/lib', /^lib\.(dom|es).*\.d\.ts$/ ),
		filesOf( 'node_modules/lit-html', /^[^/]*\.js$|^directives\/[^/]*\.js$/ ),
		filesOf( 'node_modules/lit-element', /^[^/]*\.js$/ ),
		filesOf( 'node_modules/@lit/reactive-element', /^[^/]*\.js$/ ),
	] );
	const code = ( await textOf( others.flat() ) ).replace( /\/\*[^]*?\*\//g, '' );
	for ( const [ name ] of code.matchAll( /[A-Za-z_]\w*/g ) ) {
		taken.add( name );
	}
	return [ ...names ].filter( ( name ) => ! taken.has( name ) ).sort();
}
