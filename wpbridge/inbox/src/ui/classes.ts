/** A class attribute of the names that are true. */
export const classes = ( all: Readonly<Record<string, boolean>> ): string =>
	Object.keys( all ).filter( ( name ) => all[ name ] ).join( ' ' );
