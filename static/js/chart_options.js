// From the plain data of a chart to ECharts' options: Okabe–Ito colours, and a shape or pattern beside each colour.

const SHAPES = ["circle", "rect", "triangle", "diamond", "pin", "arrow", "roundRect"];
const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [12, 4], [2, 2], [6, 2]];

const rounded = (value, digits) => (value == null ? "—" : value.toFixed(digits));

/** A band between low and high: two stacked lines, of which only the space between is painted. */
function band(series, colour, index) {
  const quiet = { type: "line", stack: `band-${index}`, stackStrategy: "all", symbol: "none", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
  return [
    { ...quiet, data: series.low, areaStyle: { opacity: 0 } },
    { ...quiet, data: series.high.map((high, at) => (high == null || series.low[at] == null ? null : high - series.low[at])), areaStyle: { color: colour, opacity: 0.14 } },
  ];
}

function line(series, index, { colour, late, digits }) {
  const data = series.values.map((value, at) =>
    series.flags?.[at] ? { value, symbol: "diamond", symbolSize: 14, itemStyle: { color: late }, label: { show: true, formatter: () => rounded(value, digits), color: late, position: "right" } } : value,
  );
  return {
    name: series.name, type: "line", data, symbol: SHAPES[index % SHAPES.length], symbolSize: 8, showAllSymbol: true, connectNulls: false,
    itemStyle: { color: colour }, lineStyle: { color: colour, width: 2, type: DASHES[index % DASHES.length] },
  };
}

function bar(series, index, chart, { colour, token, digits }) {
  const stacked = chart.kind === "stacked";
  return {
    name: series.name, type: "bar", data: series.values, barMaxWidth: 28, stack: stacked ? "all" : undefined, itemStyle: { color: colour, borderColor: token("paper"), borderWidth: stacked ? 1 : 0 },
    label: chart.series.length === 1 ? { show: true, position: chart.horizontal ? "right" : "top", formatter: ({ value }) => rounded(value, digits), color: token("ink-soft") } : { show: false },
  };
}

/** Intervals as plain lines from one point to another, and unseen marks at their ends, so that the axes are wide enough. */
function whiskers(pairs, colour, lines = []) {
  const known = pairs.filter((pair) => pair.flat().every((value) => value != null));
  const data = known.map((pair) => pair.map((coord) => ({ coord })));
  const style = { color: colour, width: 1.5, type: "solid" };
  return {
    type: "scatter", symbolSize: 0, silent: true, tooltip: { show: false }, data: known.flat(),
    markLine: { z: 2, silent: true, symbol: "none", animation: false, lineStyle: style, label: { show: false }, data: [...data, ...lines] },
  };
}

/** Marks with intervals, one row a category; further series a little lower, each with a shape of its own. */
function points(series, index, chart, { colour, token, digits }) {
  const label = { show: chart.series.length === 1, position: "top", distance: 4, formatter: ({ value }) => rounded(value[0], digits), color: token("ink-soft") };
  const marks = {
    name: series.name, type: "scatter", symbol: SHAPES[index % SHAPES.length], symbolSize: 10, symbolOffset: [0, index * 10], itemStyle: { color: colour }, z: 8, label,
    data: series.values.map((value, at) => ({ value: [value, at], ...(series.flags?.[at] ? { symbol: "diamond", symbolSize: 15, itemStyle: { color: token("late") } } : {}) })),
  };
  if (!series.low?.length) return [marks];
  return [whiskers(series.low.map((low, at) => [[low, at], [series.high[at], at]]), colour), marks];
}

/** Importance against performance: a mark and a cross of intervals each, named where there is room. */
function mapped(chart, { token, size, width }) {
  const [across, up] = chart.series;
  const wide = width > 640;
  // Names stand to the right; of two marks at about one height the lower is named below, the upper above.
  const turns = [...up.values.keys()].sort((one, other) => up.values[one] - up.values[other]);
  const near = 0.05 * (Math.max(...(up.high ?? up.values)) - Math.min(...(up.low ?? up.values)));
  const sides = up.values.map(() => "right");
  turns.slice(1).forEach((at, before) => {
    const lower = turns[before];
    if (sides[lower] === "right" && up.values[at] - up.values[lower] < near) [sides[lower], sides[at]] = ["bottom", "top"];
  });
  // In a crowd only numbers stand beside the marks; the table below has their names.
  const far = 0.2 * (Math.max(...(across.high ?? across.values)) - Math.min(...(across.low ?? across.values)));
  const crowded = (at) => up.values.some((value, other) => other !== at && Math.abs(value - up.values[at]) < 2 * near && Math.abs(across.values[other] - across.values[at]) < far);
  const words = (at) => (wide && !crowded(at) ? chart.categories[at] : chart.categories[at].split(" ")[0]);
  const data = across.values.map((value, at) => ({ value: [value, up.values[at]], name: chart.categories[at], label: { position: sides[at], formatter: words(at) } }));
  const pairs = across.values.flatMap((value, at) => [
    [[across.low?.[at], up.values[at]], [across.high?.[at], up.values[at]]],
    [[value, up.low?.[at]], [value, up.high?.[at]]],
  ]);
  const line = (axis, value, words) => ({ [axis]: value, lineStyle: { type: "dashed", color: token("ink-soft"), width: 1.5 }, label: { show: true, formatter: words, color: token("ink-soft"), position: axis === "xAxis" ? "end" : "insideEndTop", fontSize: 12 } });
  const [x, y] = chart.cross ?? [];
  const lines = [x != null && line("xAxis", x, `${chart.words.center} ${rounded(x, chart.digits)}`), y != null && line("yAxis", y, `${chart.words.target} ${rounded(y, chart.digits)}`)].filter(Boolean);
  // A cross-hair beyond all marks is drawn all the same.
  const corner = { type: "scatter", symbolSize: 0, silent: true, data: x == null || y == null ? [] : [[x, y]] };
  return [
    corner,
    whiskers(pairs, token("rule-strong"), lines),
    {
      type: "scatter", data, symbolSize: 11, z: 8, itemStyle: { color: token("chart-1") },
      label: { show: true, distance: 5, fontSize: size * 0.9, color: token("ink"), textBorderColor: token("paper"), textBorderWidth: 3 },
    },
  ];
}

/** Marked lines do not widen the axis by themselves: unseen points at their values do. */
function room(chart) {
  const values = [chart.limits?.lower, chart.limits?.upper, chart.target].filter((value) => value != null);
  const data = values.map((value, at) => (chart.horizontal ? [value, at % chart.categories.length] : [at % chart.categories.length, value]));
  return { type: "line", data, symbol: "none", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
}

/** Horizontal lines across the drawing: centre, limits, target. */
function markedLines(chart, token) {
  const at = (value, name, type, colour) => ({
    [chart.horizontal ? "xAxis" : "yAxis"]: value,
    lineStyle: { type, color: colour, width: 1.5 },
    label: { formatter: `${name} ${rounded(value, chart.digits)}`, color: colour, position: chart.kind === "points" ? "start" : "end", fontSize: 12 },
  });
  const limits = chart.limits ?? {};
  const found = [
    limits.center != null && at(limits.center, chart.words.center, "solid", token("ink-soft")),
    limits.lower != null && at(limits.lower, chart.words.lower, "dashed", token("late")),
    limits.upper != null && at(limits.upper, chart.words.upper, "dashed", token("late")),
    chart.target != null && at(chart.target, chart.words.target, "dotted", token("done")),
  ].filter(Boolean);
  return found.length ? { silent: true, symbol: "none", animation: false, data: found } : undefined;
}

function axes(chart, { token, size, width }) {
  const text = { color: token("ink-soft"), fontSize: Math.max(12, size * 0.9), fontFamily: token("font") };
  if (chart.kind === "map") {
    const plain = (series, place) => ({ type: "value", scale: true, axisLabel: text, splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: token("rule-strong") } }, name: series.name, nameLocation: "middle", nameGap: place === "x" ? 30 : 38, nameTextStyle: text });
    return { xAxis: plain(chart.series[0], "x"), yAxis: plain(chart.series[1], "y") };
  }
  const value = { type: "value", scale: ["line", "control", "points"].includes(chart.kind), axisLabel: { ...text, hideOverlap: true }, splitLine: { lineStyle: { color: token("rule") } }, name: chart.unit, nameTextStyle: { ...text, align: chart.horizontal ? "left" : "right" } };
  // A share is at least nothing and at most all: whole tens, so that no axis ends at 102 %.
  const tens = { min: ({ min }) => Math.max(0, Math.floor(min / 10) * 10), max: ({ max }) => Math.min(100, Math.ceil(max / 10) * 10) };
  if (chart.unit === "%" && value.scale) Object.assign(value, tens);
  const names = chart.horizontal ? { ...text, width: Math.min(width > 900 ? 300 : 160, width * 0.36), overflow: "break", lineHeight: Math.round(text.fontSize * 1.1) } : { ...text, hideOverlap: true };
  const category = { type: "category", data: chart.categories, axisLabel: names, axisTick: { show: false }, axisLine: { lineStyle: { color: token("rule-strong") } }, inverse: chart.horizontal };
  return chart.horizontal ? { xAxis: value, yAxis: category } : { xAxis: category, yAxis: value };
}

/** Rows that the legend takes: Han characters are as wide as they are high, others about half of it. */
function legendRows(chart, { size, width }) {
  let rows = 1;
  let used = 0;
  for (const { name } of chart.series) {
    const wide = 46 + [...name].reduce((sum, letter) => sum + (letter > "\u2e7f" ? size : size * 0.56), 0);
    if (used && used + wide > width) [rows, used] = [rows + 1, 0];
    used += wide;
  }
  return rows;
}

const gapTop = (chart, look) => (chart.series.length > 1 ? 4 + legendRows(chart, look) * (look.size + 16) : 8) + (chart.horizontal ? 12 : 24);

/** Room for the words of marked lines, or for the figure at the end of a bar. */
function gapRight(chart, marked) {
  if (chart.horizontal) return 56;
  return marked ? 76 : 16;
}

/** ECharts' options for a chart; `look.token` reads a CSS token, `look.size` is the text's size in px. */
export function options(chart, look) {
  const { token } = look;
  const several = chart.series.length > 1;
  const drawn = chart.kind === "map" ? mapped(chart, look) : chart.series.flatMap((series, index) => {
    const colour = token(`chart-${(index % 7) + 1}`);
    const paint = { colour, token, late: token("late"), digits: chart.digits };
    if (["bar", "stacked"].includes(chart.kind)) return [bar(series, index, chart, paint)];
    if (chart.kind === "points") return points(series, index, chart, paint);
    return [...(series.low?.length ? band(series, colour, index) : []), line(series, index, paint)];
  });
  const marks = chart.kind === "map" ? undefined : markedLines(chart, token);
  if (marks) {
    drawn.at(-1).markLine = marks;
    drawn.push(room(chart));
  }
  return {
    ...axes(chart, look),
    animation: false,
    aria: { enabled: true, decal: { show: ["bar", "stacked"].includes(chart.kind) && several } },
    textStyle: { fontFamily: token("font"), fontSize: look.size },
    grid: { left: 8, right: gapRight(chart, Boolean(marks)), top: gapTop(chart, look), bottom: 8, containLabel: true },
    legend: several && chart.kind !== "map" ? { top: 0, left: 0, itemGap: 16, textStyle: { color: token("ink"), fontSize: look.size }, data: chart.series.map((series) => series.name) } : undefined,
    // HTML tooltips need inline styles, which the content security policy forbids.
    tooltip: { trigger: chart.kind === "map" ? "item" : "axis", show: !["points", "map"].includes(chart.kind), renderMode: "richText", confine: true, valueFormatter: (value) => `${rounded(value, chart.digits)}${chart.unit}`, axisPointer: { type: "line" } },
    series: drawn,
  };
}
