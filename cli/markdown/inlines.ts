// Owns text inside a Markdown block as styled spans: emphasis, code, links, images.
import type { Definition, PhrasingContent } from 'mdast';
import type { Span, Style } from '../terminal/styled.ts';
import { withoutTags } from './html.ts';

/** Deeper emphasis is not shown. */
const MAX_DEPTH = 20;

/** What the addresses of `[text][name]` are. */
export type Definitions = ReadonlyMap<string, Definition>;

interface Surrounding {
  readonly styles: readonly Style[];
  readonly definitions: Definitions;
}

/** The spans of some text. */
export function inlineSpans(nodes: readonly PhrasingContent[], definitions: Definitions): Span[] {
  return spansOf(nodes, { styles: [], definitions });
}

function spansOf(nodes: readonly PhrasingContent[], around: Surrounding): Span[] {
  return around.styles.length > MAX_DEPTH ? [] : nodes.flatMap((node) => spansOfNode(node, around));
}

function spansOfNode(node: PhrasingContent, around: Surrounding): Span[] {
  const { styles, definitions } = around;
  const inStyle = (nodes: readonly PhrasingContent[], style: Style) =>
    spansOf(nodes, { styles: [...styles, style], definitions });
  switch (node.type) {
    case 'text':
      return [{ text: node.value.replaceAll('\n', ' '), styles }];
    case 'strong':
      return inStyle(node.children, 'bold');
    case 'emphasis':
      return inStyle(node.children, 'italic');
    case 'delete':
      return inStyle(node.children, 'strikethrough');
    case 'inlineCode':
      return [{ text: `\`${node.value}\``, styles: [...styles, 'cyan'] }];
    case 'break':
      return [{ text: '\n' }];
    case 'link':
      return linkSpans(inStyle(node.children, 'underline'), node.url);
    case 'linkReference':
      return linkSpans(inStyle(node.children, 'underline'), definitions.get(node.identifier)?.url ?? '');
    case 'image':
    case 'imageReference':
      return [{ text: `[image${node.alt ? `: ${node.alt}` : ''}]`, styles: [...styles, 'dim'] }];
    case 'footnoteReference':
      return [{ text: `[${node.identifier}]`, styles: [...styles, 'dim'] }];
    case 'html':
      return [{ text: withoutTags(node.value), styles }];
  }
}

/** An address is shown where the text is not the address itself. */
function linkSpans(text: Span[], url: string): Span[] {
  const shown = text.map((span) => span.text).join('');
  const isShown =
    url === '' || url.startsWith('#') || ['', 'mailto:', 'http://'].some((scheme) => scheme + shown === url);
  return isShown ? text : [...text, { text: ' ' }, { text: `<${url}>`, styles: ['dim'] }];
}
