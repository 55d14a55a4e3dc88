/* c-chart: `data-src` names a JSON block
   {kind: "bar|hbar|line|stacked|heatmap|pareto", labels, series: [{name, data, tone, line}], tones, unit, links,
    threshold: {value, label}, rates: ["59%", …], max}; a heat map has {x, y, xName, cells: [[x, y, n]]} instead.
   A [data-chart-table] button in the same card swaps the drawing for a table with the same links. */
(function () {
  "use strict";
  const { $, h, json } = crm;
  const ORDER = ["blue", "teal", "amber", "purple", "pink", "green"];
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const fill = (tone, i) => token(`${tone || ORDER[i % ORDER.length]}-f`);
  const number = (value) => (value == null ? "—" : Number(value).toLocaleString());

  function frame(width) {
    const label = { color: token("tx3"), fontSize: 11 };
    return {
      label,
      width,
      category: { type: "category", axisLine: { lineStyle: { color: token("bd2") } }, axisTick: { show: false }, axisLabel: label },
      value: {
        type: "value",
        splitNumber: 4,
        axisLine: { show: false },
        axisLabel: label,
        splitLine: { lineStyle: { color: token("bd"), type: [3, 3] } },
        nameTextStyle: { ...label, align: "right" },
      },
      tooltip: {
        renderMode: "richText",
        confine: true,
        backgroundColor: token("sf"),
        borderColor: token("bd2"),
        padding: [8, 12],
        textStyle: { color: token("tx"), fontSize: 12 },
      },
      legend: {
        top: 0, left: 0, itemWidth: 8, itemHeight: 8, itemGap: 14, icon: "roundRect",
        textStyle: { color: token("tx2"), fontSize: 11 },
      },
    };
  }

  /* How many lines the names above a drawing take: Chinese is as wide as it is high. */
  function lines(names, width) {
    let at = 0;
    return names.reduce((n, name) => {
      const wide = 27 + 11 * [...name].reduce((sum, one) => sum + (one.charCodeAt(0) > 255 ? 1 : 0.6), 0);
      const more = at > 0 && at + wide > width;
      at = more ? wide : at + wide;
      return more ? n + 1 : n;
    }, 1);
  }

  function mark(data, axis, position = "insideStartTop") {
    if (!data.threshold) return undefined;
    const text = { formatter: data.threshold.label || "", color: token("tx2"), fontSize: 11, position };
    const line = { color: token("tx2"), type: [4, 4] };
    return { silent: true, symbol: "none", lineStyle: line, label: text, data: [{ [axis]: data.threshold.value }] };
  }

  /* Vertical bars, lines and stacks share one frame. */
  function upright(data, base, stacked) {
    const many = data.series.length > 1;
    const last = data.series.filter((s) => !s.line).length - 1;
    const pill = { show: true, fontSize: 11, fontWeight: 600, color: token("app"), backgroundColor: token("tx2"), borderRadius: 4, padding: [2, 4] };
    const series = data.series.map((s, i) => {
      const line = s.line || data.kind === "line";
      const color = s.tone === "tx" ? token("tx") : fill(s.tone, i);
      return {
        name: s.name,
        type: line ? "line" : "bar",
        stack: stacked && !line ? "all" : undefined,
        data: line || !data.tones ? s.data : s.data.map((value, n) => ({ value, itemStyle: { color: fill(data.tones[n], n) } })),
        color,
        barMaxWidth: 26,
        symbol: "circle",
        symbolSize: 5,
        lineStyle: { width: 2 },
        itemStyle: line ? undefined : { borderRadius: !stacked || i === last ? [3, 3, 0, 0] : 0 },
        label: s.tone === "tx" ? pill : {
          show: !many && !line && s.data.length <= 14, position: "top", fontSize: 11, color: token("tx3"), formatter: (p) => number(p.value),
        },
        labelLayout: { hideOverlap: true },
        markLine: i === 0 ? mark(data, "yAxis") : undefined,
      };
    });
    return {
      grid: { left: 44, right: 10, top: many ? 5 + 25 * lines(data.series.map((s) => s.name), base.width) : data.unit ? 30 : 18, bottom: 24 },
      legend: many ? base.legend : undefined,
      tooltip: { ...base.tooltip, trigger: "axis", axisPointer: { type: "line", lineStyle: { color: token("bd2") } } },
      xAxis: { ...base.category, data: data.labels, axisLabel: { ...base.label, hideOverlap: true } },
      yAxis: { ...base.value, name: many ? "" : data.unit, max: data.max, interval: data.max ? data.max / 4 : undefined },
      series,
    };
  }

  function sideways(data, base) {
    const one = data.series[0];
    const label = (p) => `{v|${number(p.value)}${data.suffix || ""}}${data.rates && data.rates[p.dataIndex] ? `  {r|${data.rates[p.dataIndex]}}` : ""}`;
    return {
      grid: { left: 8, right: 84, top: 6, bottom: 4, containLabel: true },
      tooltip: base.tooltip,
      xAxis: { type: "value", show: false, max: data.max },
      yAxis: {
        ...base.category,
        inverse: true,
        data: data.labels,
        axisLine: { show: false },
        axisLabel: { color: token("tx2"), fontSize: 12, width: 128, overflow: "truncate" },
      },
      series: [{
        name: one.name,
        type: "bar",
        barMaxWidth: 22,
        data: one.data.map((value, i) => ({ value, itemStyle: { color: fill((data.tones || [])[i] || one.tone || "blue"), borderRadius: 4 } })),
        label: {
          show: true, position: "right", distance: 8, formatter: label,
          rich: { v: { color: token("tx"), fontWeight: 600, fontSize: 12 }, r: { color: token("tx3"), fontSize: 11 } },
        },
        markLine: mark(data, "xAxis"),
      }],
    };
  }

  function heat(data, base) {
    const top = Math.max(1, ...data.cells.map((cell) => cell[2] || 0));
    const dark = document.documentElement.dataset.bsTheme === "dark";
    const ramp = [token(dark ? "sf2" : "app"), token("blue-s"), token("blue-f"), token(dark ? "pri" : "pri-h")];
    const plain = { ...base.category, axisLine: { show: false } };
    return {
      grid: { left: 8, right: 8, top: 8, bottom: data.xName ? 24 : 4, containLabel: true },
      tooltip: { ...base.tooltip, formatter: (p) => `${data.x[p.value[0]]} · ${data.y[p.value[1]]}\n${number(p.value[2])} ${data.unit || ""}` },
      xAxis: { ...plain, data: data.x, name: data.xName, nameLocation: "middle", nameGap: 26, nameTextStyle: base.label },
      yAxis: { ...plain, data: data.y },
      visualMap: { min: 0, max: top, show: false, inRange: { color: ramp } },
      series: [{
        type: "heatmap",
        data: data.cells.map((cell) => ({ value: cell, label: { color: cell[2] > top * 0.5 ? token("on-pri") : token("tx") } })),
        itemStyle: { borderColor: token("sf"), borderWidth: 3, borderRadius: 6 },
        label: { show: true, fontSize: 11, formatter: (p) => number(p.value[2]) },
        emphasis: { itemStyle: { borderColor: token("pri") } },
      }],
    };
  }

  function pareto(data, base) {
    const values = data.series[0].data;
    const share = data.series[1].data;
    const tone = (i) => (data.tones || [])[i] || (share[i] <= 80 ? "gold" : share[i] <= 95 ? "blue" : "gray");
    const line = mark({ threshold: data.threshold || { value: 80, label: "80%" } }, "yAxis", "insideEndTop");
    return {
      grid: { left: 48, right: 44, top: 26, bottom: 24 },
      tooltip: { ...base.tooltip, trigger: "axis" },
      xAxis: { ...base.category, data: data.labels, axisLabel: { ...base.label, hideOverlap: true } },
      yAxis: [
        { ...base.value, name: data.unit },
        { ...base.value, min: 0, max: 100, interval: 20, splitLine: { show: false }, axisLabel: { ...base.label, formatter: "{value}%" } },
      ],
      series: [
        {
          name: data.series[0].name,
          type: "bar",
          barMaxWidth: 26,
          data: values.map((value, i) => ({ value, itemStyle: { color: fill(tone(i)), borderRadius: [4, 4, 0, 0] } })),
          label: { show: values.length <= 14, position: "top", fontSize: 11, color: token("tx3"), formatter: (p) => number(p.value) },
          labelLayout: { hideOverlap: true },
        },
        {
          name: data.series[1].name,
          type: "line",
          yAxisIndex: 1,
          data: share,
          color: token("tx2"),
          symbol: "circle",
          symbolSize: 5,
          lineStyle: { width: 1.5 },
          markLine: line,
        },
      ],
    };
  }

  const KINDS = {
    bar: upright,
    line: upright,
    stacked: (data, base) => upright(data, base, true),
    hbar: sideways,
    heatmap: heat,
    pareto,
  };

  function table(data) {
    const linked = (text, i) => (data.links && data.links[i] ? h("a", { href: data.links[i] }, text) : text);
    const cell = (value, name) => h("td", { class: "r num", "data-l": name }, number(value));
    const head = (names) => h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, name || ""))));
    let rows;
    let names;
    if (data.cells) {
      names = ["", ...data.x];
      const find = (x, y) => data.cells.findIndex((c) => c[0] === x && c[1] === y);
      rows = data.y.map((name, y) => h("tr", {}, h("th", { scope: "row" }, name), data.x.map((_, x) => {
        const at = find(x, y);
        return h("td", { class: "r num", "data-l": data.x[x] }, linked(number(at < 0 ? null : data.cells[at][2]), at));
      })));
    } else {
      names = ["", ...data.series.map((s) => s.name)];
      rows = data.labels.map((name, i) =>
        h("tr", {}, h("th", { scope: "row" }, linked(name, i)), data.series.map((s) => cell(s.data[i], s.name))));
    }
    const body = h("table", { class: "tbl tbl-all" }, head(names), h("tbody", {}, rows));
    return h("div", { class: "chart-tbl tblwrap flat", tabindex: "0", role: "region", hidden: true }, body);
  }

  customElements.define("c-chart", class extends HTMLElement {
    connectedCallback() {
      this.data = json(this.dataset.src);
      if (!this.data || !KINDS[this.data.kind]) return;
      this.table = table(this.data);
      this.table.setAttribute("aria-label", this.getAttribute("aria-label") || "");
      this.after(this.table);
      const card = this.closest(".card");
      const button = card && $("[data-chart-table]", card);
      if (button) button.addEventListener("click", () => this.swap(button));
      if (!window.echarts) {
        this.swap(null);
        return;
      }
      this.chart = echarts.init(this, null, { renderer: "svg" });
      this.chart.on("click", (point) => {
        const link = this.data.links && this.data.links[point.dataIndex];
        if (link) location.assign(link);
      });
      this.draw = (still) => {
        const text = { fontFamily: getComputedStyle(document.body).fontFamily, color: token("tx2"), fontSize: 12 };
        const calm = still === true || matchMedia("(prefers-reduced-motion: reduce)").matches;
        const option = KINDS[this.data.kind](this.data, frame(this.clientWidth));
        this.chart.setOption({ textStyle: text, animation: !calm, animationDuration: 200, ...option }, true);
      };
      this.draw();
      document.addEventListener("themechange", this.draw);
      this.paper = () => {  // paper is white, and as wide as it is: drawn for it at once, since nothing waits for a frame
        const root = document.documentElement;
        const theme = root.dataset.bsTheme;
        root.dataset.bsTheme = "light";
        this.draw(true);
        this.chart.getZr().flush();
        root.dataset.bsTheme = theme;
      };
      addEventListener("beforeprint", this.paper);
      addEventListener("afterprint", this.draw);
      this.size = new ResizeObserver(() => this.chart.resize());
      this.size.observe(this);
    }

    disconnectedCallback() {
      if (this.table) this.table.remove();
      if (!this.chart) return;
      document.removeEventListener("themechange", this.draw);
      removeEventListener("beforeprint", this.paper);
      removeEventListener("afterprint", this.draw);
      this.size.disconnect();
      this.chart.dispose();
      this.chart = null;
    }

    swap(button) {
      this.hidden = !this.hidden;
      this.table.hidden = !this.hidden;
      if (button) button.setAttribute("aria-pressed", String(this.hidden));
    }
  });
})();
