import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints, launch, members, rest, signedIn } from '../harness.mjs';
import { openSettings, photograph, WORDPRESS_FAULTS, write } from '../owner/wp-admin.mjs';

// What each number may be.
const NUMBERS = {
	'Minimum trust level': [ 0, 5 ],
	'Group size': [ 3, 20 ],
	'Message length': [ 1, 10000 ],
	'Messages per minute': [ 0, 10000 ],
	'New conversations per day': [ 0, 100000 ],
	'E-mail delay': [ 0, 1440 ],
	'Delete inactive conversations after': [ 0, 120 ],
};

test( 'the settings', async ( t ) => {
	const browser = await launch( t );
	const admin = await signedIn( browser, 'admin' );
	const page = await admin.newPage();
	const wrong = complaints( page, WORDPRESS_FAULTS );
	const field = ( name ) => page.getByLabel( name, { exact: true } );
	const save = async ( message ) => {
		await page.getByRole( 'button', { name: 'Save settings' } ).click();
		await page.getByText( message ).first().waitFor();
	};
	const restore = {};

	await openSettings( page );
	for ( const name of Object.keys( NUMBERS ) ) {
		restore[ name ] = await field( name ).inputValue();
	}

	await t.test( 'each number is refused below, above and where it is none, with a message that says what it may be', async () => {
		for ( const pick of [ ( [ least ] ) => String( least - 1 ), ( [ , most ] ) => String( most + 1 ), () => '', () => '2.5' ] ) {
			await openSettings( page );
			for ( const [ name, range ] of Object.entries( NUMBERS ) ) {
				await field( name ).fill( pick( range ) );
			}
			await save( 'Not everything could be saved.' );
			for ( const [ name, [ least, most ] ] of Object.entries( NUMBERS ) ) {
				assert.equal( await field( name ).getAttribute( 'aria-invalid' ), 'true', name );
				const error = page.locator( `#${ await field( name ).getAttribute( 'id' ) }-error` );
				const range = `from ${ least.toLocaleString( 'en' ) } to ${ most.toLocaleString( 'en' ) }`;
				assert.ok( ( await error.innerText() ).includes( range ), `${ name }: ${ await error.innerText() }` );
				await page.getByRole( 'alert' ).getByRole( 'link', { name, exact: true } ).waitFor();
			}
		}
		await photograph( page, 'settings-refused' );
		await openSettings( page );
		for ( const [ name, value ] of Object.entries( restore ) ) {
			assert.equal( await field( name ).inputValue(), value, `${ name } is what it was` );
		}
	} );

	await t.test( 'a choice that is none is refused', async () => {
		await openSettings( page );
		await page.getByLabel( 'Recipients' ).evaluate( ( select ) => select.append( new Option( 'Nobody', 'nobody', true, true ) ) );
		await save( 'Not everything could be saved.' );
		await page.getByText( 'Choose one of these.' ).waitFor();
	} );

	await t.test( 'boxes and choices are kept', async () => {
		const boxes = [ 'Members below the level may reply', 'E-mails quote', 'Delete all messages' ];
		await openSettings( page );
		const before = await Promise.all( boxes.map( ( box ) => page.getByLabel( box ).isChecked() ) );
		for ( const turned of [ true, false ] ) {
			for ( const [ n, box ] of boxes.entries() ) {
				await page.getByLabel( box ).setChecked( before[ n ] !== turned );
			}
			await page.getByLabel( 'Recipients' ).selectOption( turned ? 'shared_space' : 'anyone' );
			await save( 'Settings saved.' );
			await openSettings( page );
			for ( const [ n, box ] of boxes.entries() ) {
				assert.equal( await page.getByLabel( box ).isChecked(), before[ n ] !== turned, box );
			}
			assert.equal( await page.getByLabel( 'Recipients' ).inputValue(), turned ? 'shared_space' : 'anyone' );
		}
	} );

	await t.test( 'the service uses a new value within seconds', async () => {
		const [ one, two ] = await members( 2 );
		const member = await signedIn( browser, one.login );
		const conversation = await write( member, [ two.id ], 'Hello' );
		await openSettings( page );
		await field( 'Message length' ).fill( '20' );
		await save( 'Settings saved. The sidecar uses them within seconds.' );
		await photograph( page, 'settings-saved' );
		const deadline = Date.now() + 30_000;
		for ( ;; ) {
			const { status } = await rest( member, 'POST', `jetonomy/v1/conversations/${ conversation }/messages`, { content: 'More than twenty characters' } );
			if ( status === 400 || status === 422 ) {
				break;
			}
			assert.equal( status, 201 );
			assert.ok( Date.now() < deadline, 'the old length holds' );
		}
	} );

	await t.test( 'what was changed here is put back', async () => {
		await openSettings( page );
		for ( const [ name, value ] of Object.entries( restore ) ) {
			await field( name ).fill( value );
		}
		await save( 'Settings saved.' );
	} );

	assert.deepEqual( wrong, [] );
} );
