/**
 * The blocks in the editor, where the server renders them too.
 *
 * @package Jetonomy_Sidecar
 */
( ( { blocks, blockEditor, components, element, i18n, serverSideRender: ServerSideRender } ) => {
	const { createElement: el, Fragment } = element;
	const { useBlockProps, InspectorControls } = blockEditor;
	const { __ } = i18n;

	const preview = ( name, props, empty ) =>
		el( ServerSideRender, {
			block: name,
			attributes: props.attributes,
			EmptyResponsePlaceholder: () => el( 'span', {}, empty ),
		} );

	blocks.registerBlockType( 'jetonomy-sidecar/messages-link', {
		edit: ( props ) =>
			el( 'div', useBlockProps(), el( components.Disabled, {}, preview( 'jetonomy-sidecar/messages-link', props, __( 'Messages', 'jetonomy-sidecar' ) ) ) ),
		save: () => null,
	} );

	blocks.registerBlockType( 'jetonomy-sidecar/message-button', {
		edit: ( props ) =>
			el(
				Fragment,
				{},
				el(
					InspectorControls,
					{},
					el(
						components.PanelBody,
						{ title: __( 'Recipient', 'jetonomy-sidecar' ) },
						el( components.TextControl, {
							label: __( 'User name', 'jetonomy-sidecar' ),
							help: __( 'Empty for the author of the post.', 'jetonomy-sidecar' ),
							value: props.attributes.user,
							onChange: ( user ) => props.setAttributes( { user } ),
							__nextHasNoMarginBottom: true,
							__next40pxDefaultSize: true,
						} )
					)
				),
				el( 'div', useBlockProps(), el( 'span', { className: 'wp-element-button' }, __( 'Message', 'jetonomy-sidecar' ) ) )
			),
		save: () => null,
	} );
} )( window.wp );
