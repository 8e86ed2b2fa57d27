// Owns what the published types of cacache leave out.
import 'cacache';

declare module 'cacache' {
  namespace rm {
    /** With `removeFully`, the key's older entries are removed too, instead of being covered by a newer one. */
    function entry(cachePath: string, key: string, options: { readonly removeFully: boolean }): Promise<unknown>;
  }
}
