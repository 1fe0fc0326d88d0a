package dev.genserver.tests;

/// Which texts of a page do not stand out from what is behind them as WCAG 2.2 wants it of level
/// AA.
final class Contrast {

  private Contrast() {}

  /// A function for the browser, which gives a line for each text that does not.
  static final String SCRIPT =
      """
      () => {
        const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        const rgba = color => {
          canvas.clearRect(0, 0, 1, 1);
          canvas.fillStyle = color;
          canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data].map((part, i) => i === 3 ? part / 255 : part);
        };
        const over = ([r, g, b, a], under) => [r, g, b].map((part, i) => part * a + under[i] * (1 - a));
        const behind = element => {
          const layers = [];
          for (let each = element; each; each = each.parentElement) layers.unshift(rgba(getComputedStyle(each).backgroundColor));
          return layers.reduce((under, layer) => over(layer, under), [255, 255, 255]);
        };
        const luminance = color => {
          const [r, g, b] = color.map(part => part / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const found = [];
        for (const element of document.querySelectorAll('body *')) {
          const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim() !== '');
          if (!own || !element.checkVisibility({visibilityProperty: true})) continue;
          const style = getComputedStyle(element);
          const color = element instanceof SVGElement ? style.fill : style.color;
          const ground = behind(element);
          const [light, dark] = [luminance(over(rgba(color), ground)), luminance(ground)].sort((a, b) => b - a);
          const ratio = (light + 0.05) / (dark + 0.05);
          const size = parseFloat(style.fontSize);
          const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
          if (ratio < needed) found.push(`${element.textContent.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
        }
        return found;
      }
      """;
}
