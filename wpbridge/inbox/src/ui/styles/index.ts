import { base } from './base.ts';
import { content } from './content.ts';
import { controls } from './controls.ts';
import { forms } from './forms.ts';
import { list } from './list.ts';
import { overlays } from './overlays.ts';
import { thread } from './thread.ts';

export const styles = [ base, controls, list, thread, content, forms, overlays ];
