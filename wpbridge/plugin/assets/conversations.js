/**
 * The page Conversations, where it has scripts: names members while one is typed, and goes on by itself with a
 * purge that takes more than one step. Without scripts a login is typed whole, and a button goes on.
 */
( () => {
	const root = document.getElementById( 'jetonomy-sidecar-conversations' );
	if ( ! root ) {
		return;
	}

	const form = root.querySelector( '[data-jetonomy-sidecar-continue]' );
	if ( form ) {
		// After the paint, so that the step is seen.
		requestAnimationFrame( () => requestAnimationFrame( () => form.submit() ) );
	}

	if ( ! root.dataset.users ) {
		return;
	}

	// WordPress stores names as HTML, searches them so and gives them so.
	const stored = ( text ) => text.replaceAll( '&', '&amp;' ).replaceAll( '<', '&lt;' ).replaceAll( '>', '&gt;' );
	const read = ( name ) => new DOMParser().parseFromString( name, 'text/html' ).body.textContent;

	root.querySelectorAll( '[data-jetonomy-sidecar-members]' ).forEach( ( input, n ) => {
		const list = document.createElement( 'datalist' );
		list.id = `jetonomy-sidecar-members-${ n }`;
		input.after( list );
		input.setAttribute( 'list', list.id );

		let timer = 0;
		let asked = null;
		let shown = '';

		const suggest = async () => {
			const text = input.value.trim();
			if ( text.length < 2 || text === shown ) {
				return;
			}
			asked?.abort();
			asked = new AbortController();
			const url = new URL( root.dataset.users );
			url.searchParams.set( 'context', 'edit' );
			url.searchParams.set( 'per_page', '10' );
			url.searchParams.set( '_fields', 'username,name' );
			url.searchParams.set( 'search', stored( text ) );
			try {
				const answer = await fetch( url, { headers: { 'X-WP-Nonce': root.dataset.nonce }, signal: asked.signal } );
				if ( ! answer.ok ) {
					return;
				}
				shown = text;
				list.replaceChildren(
					...( await answer.json() ).map( ( { username, name } ) => {
						const option = document.createElement( 'option' );
						option.value = username;
						option.label = read( name );
						return option;
					} )
				);
			} catch ( error ) {
				// Suggestions are a help and no more: the login can be typed.
			}
		};

		input.addEventListener( 'input', () => {
			clearTimeout( timer );
			timer = setTimeout( suggest, 200 );
		} );
	} );
} )();
