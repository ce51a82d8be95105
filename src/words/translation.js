/** The translator for people who read English, and for a terminal, which has no language packs. */
export const english = {
  __: (message, ...values) => fill(message, values),
  _n: (singular, plural, count, ...values) =>
    fill(count === 1 ? singular : plural, [count, ...values])
};
function fill(message, values) {
  return message.replace(/%(%|\d+)/g, (placeholder, position) =>
    position === '%' ? '%' : String(values[Number(position) - 1] ?? placeholder)
  );
}
