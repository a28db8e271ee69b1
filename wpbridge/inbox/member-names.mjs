/**
 * The names of methods and of classes' fields that can be shortened everywhere in the bundle: names that nothing else
 * has, here, in Lit or in the browser. They are ordinary properties in the bundle, and long names cost. Names of data
 * stay: the API, the device and other tabs know them.
 */
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname( fileURLToPath( import.meta.url ) );

const filesOf = async ( folder, fits ) =>
	( await readdir( join( here, folder ), { recursive: true } ) ).filter( ( name ) => fits.test( name ) ).sort().map( ( name ) => join( here, folder, name ) );

const textOf = async ( files ) => ( await Promise.all( files.map( ( file ) => readFile( file, 'utf8' ) ) ) ).join( '\n' );

/** Whether a node gives something its name as a member: of a class, an interface or an object. */
const isMember = ( node ) =>
	ts.isMethodDeclaration( node ) || ts.isMethodSignature( node ) || ts.isAccessor( node ) || ts.isPropertyDeclaration( node ) ||
	ts.isPropertySignature( node ) || ts.isPropertyAssignment( node ) || ts.isShorthandPropertyAssignment( node ) || ts.isParameterPropertyDeclaration( node, node.parent );

/** Whether a member is a method, or is declared as a function or begins as one. */
const isMethod = ( node ) =>
	ts.isMethodDeclaration( node ) || ts.isMethodSignature( node ) ||
	[ node.type, node.initializer ].some( ( part ) => part && ( ts.isFunctionTypeNode( part ) || ts.isArrowFunction( part ) ) );

/** Whether a member is a class's own: a field, also one that the constructor's parameters declare. */
const isField = ( node ) => ts.isPropertyDeclaration( node ) || ts.isAccessor( node ) || ts.isParameterPropertyDeclaration( node, node.parent );

/** Whether a member describes a field to Lit, in `static properties`. */
const isDescription = ( node ) => ts.isPropertyDeclaration( node.parent.parent ) && node.parent.parent.name.text === 'properties';

/** Names in sorted order. */
export async function memberNames() {
	const names = new Set();
	const taken = new Set();

	const look = ( node ) => {
		if ( isMember( node ) ) {
			( isField( node ) || isMethod( node ) || isDescription( node ) ? names : taken ).add( node.name.text );
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
