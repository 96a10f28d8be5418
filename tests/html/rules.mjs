// What is asked of a page; each function runs in the page and stands alone.

// Nothing is wider than the page, no text leaves its element, no two texts lie upon each other.
export function fits() {
    const problems = [], width = document.documentElement.clientWidth, seen = [];
    if (document.documentElement.scrollWidth > width) problems.push(`page ${document.documentElement.scrollWidth} wide`);
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const parent = node.parentElement;
        if (!node.data.trim() || parent.closest(".hidden, title, desc") || !parent.checkVisibility()) continue;
        if (getComputedStyle(parent).clipPath !== "none" || parent.closest("ul.lanes")?.clientWidth === 1) continue;
        const inside = parent.closest("p, li, dd, dt, td, th, h1, h2, h3, summary, label, svg").getBoundingClientRect();
        range.selectNodeContents(node);
        for (const r of range.getClientRects()) {
            const text = node.data.trim().slice(0, 30);
            if (r.width < 1) continue;
            if (r.left < inside.left - 1 || r.right > inside.right + 1) problems.push(`leaves its box: ${text}`);
            seen.push({ l: r.left, r: r.right, t: r.top, b: r.bottom, text, node });
        }
    }
    seen.sort((a, b) => a.t - b.t);
    for (let i = 0; i < seen.length; i++)
        for (let k = i + 1; k < seen.length && seen[k].t < seen[i].b; k++) {
            const a = seen[i], b = seen[k], x = Math.min(a.r, b.r) - Math.max(a.l, b.l), y = Math.min(a.b, b.b) - b.t;
            if (a.node !== b.node && x > 2 && y > 0.4 * Math.min(a.b - a.t, b.b - b.t))
                problems.push(`overlap: ${a.text} / ${b.text}`);
        }
    for (const text of document.querySelectorAll("svg .name, svg .state")) {
        const r = text.getBoundingClientRect(), x = (r.left + r.right) / 2, y = (r.top + r.bottom) / 2;
        if (r.width === 0) continue;
        const box = [...text.ownerSVGElement.querySelectorAll(".box")].map((b) => b.getBoundingClientRect())
            .find((b) => b.left < x && x < b.right && b.top < y && y < b.bottom);
        if (!box || r.left < box.left + 1 || r.right > box.right - 1) problems.push(`too wide for its box: ${text.textContent}`);
    }
    for (const e of document.querySelectorAll("body *"))
        if (!e.closest("svg, .hidden, ul.lanes") && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
            problems.push(`cut: <${e.localName} class="${e.className}"> ${e.textContent.trim().slice(0, 30)}`);
    return problems;
}

// WCAG contrast of every text with what lies behind it: 4.5 at least.
export function contrast() {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (color) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
    const light = (c) => {
        const [r, g, b] = c.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const layer = (e) => {
        const style = getComputedStyle(e);
        const svg = e.ownerSVGElement && e.localName !== "text";
        const color = rgba(svg ? (style.fill === "none" ? "transparent" : style.fill) : style.backgroundColor);
        color[3] *= Number(style.opacity);
        return color;
    };
    const problems = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    let count = 0;
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const parent = node.parentElement;
        if (!node.data.trim() || parent.closest(".hidden, title, desc") || !parent.checkVisibility()) continue;
        if (parent.closest("ul.lanes")?.clientWidth === 1) continue;
        range.selectNodeContents(node);
        const r = range.getClientRects()[0];
        if (!r || r.width < 1) continue;
        const under = document.elementsFromPoint(r.left + Math.min(r.width / 2, 5), (r.top + r.bottom) / 2);
        if (!under.length) { problems.push(`out of sight: ${node.data.trim().slice(0, 30)}`); continue; }
        let below = rgba("Canvas").slice(0, 3);
        for (const e of under.reverse()) below = over(layer(e), below);
        const style = getComputedStyle(parent), text = over(rgba(parent.ownerSVGElement ? style.fill : style.color), below);
        const [a, b] = [light(text), light(below)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) problems.push(`${ratio.toFixed(2)}: ${node.data.trim().slice(0, 30)} (${parent.className.baseVal ?? parent.className})`);
        count++;
    }
    if (count < 10) problems.push(`only ${count} texts looked at`);
    return problems;
}

// Language, headings, labels, alternatives; no script, no outside address.
export function structure() {
    const problems = [], say = (bad, text) => { if (bad) problems.push(text); };
    const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((h) => Number(h.localName[1]));
    say(!/^(ja|en)$/.test(document.documentElement.lang), "no lang");
    say(!document.title.trim(), "no title");
    say(levels[0] !== 1 || levels.filter((l) => l === 1).length !== 1, "not one h1 at first");
    levels.forEach((l, i) => say(i > 0 && l > levels[i - 1] + 1, `h${levels[i - 1]} before h${l}`));
    say(document.querySelectorAll("main").length !== 1, "not one main");
    for (const svg of document.querySelectorAll("svg")) {
        if (svg.getAttribute("aria-hidden") === "true") continue;
        const named = (svg.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent);
        say(svg.getAttribute("role") !== "img" || named.length < 2 || !named.every((t) => t?.trim()), "svg without name");
    }
    for (const box of document.querySelectorAll("input"))
        say(box.type !== "checkbox" || !box.closest("label")?.textContent.trim(), "a box without its text");
    const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
    say(new Set(ids).size !== ids.length, "an id twice");
    for (const e of document.querySelectorAll("[aria-labelledby]"))
        for (const id of e.getAttribute("aria-labelledby").split(" ")) say(!ids.includes(id), `no #${id}`);
    const allowed = new Set(("html head meta title style body main header footer section article h1 h2 h3 p span strong a ul ol li dl div dt dd " +
        "code figure figcaption svg g rect line path circle text desc table thead tbody tr th td details summary label input").split(" "));
    for (const e of document.querySelectorAll("*")) {
        say(!allowed.has(e.localName), `<${e.localName}>`);
        for (const a of e.attributes) {
            say(/^on|^src|^style$|^action$|^srcset$/i.test(a.name), `attribute ${a.name}`);
            say(/:\/\/|javascript:|url\(/i.test(a.value), `${a.name}=${a.value.slice(0, 60)}`);
            say(a.name === "href" && !ids.includes(a.value.slice(1)), `link to ${a.value.slice(0, 60)}`);
        }
    }
    say(/url\(|@import|expression\(|:\/\//i.test(document.querySelector("style").textContent), "the style sheet fetches");
    const csp = document.querySelector("meta[http-equiv=Content-Security-Policy]")?.content ?? "";
    say(!csp.includes("default-src 'none'") || /script-src/.test(csp), "no content security policy");
    return problems;
}

// Elements and attributes without the texts: the same whatever the report says.
export function skeleton() {
    const name = (e) => e.localName + [...e.attributes].filter((a) => !/^(x|y|x1|x2|y1|y2|cx|cy|d|width|viewBox|content)$/.test(a.name))
        .map((a) => ` ${a.name}=${a.value}`).join("");
    return [...document.querySelectorAll("*")].map(name);
}

// On paper the facts are open, and boxes and texts are black on white.
export function paper() {
    const problems = [];
    for (const facts of document.querySelectorAll(".facts, .names"))
        if (facts.getBoundingClientRect().height < 5 || !facts.checkVisibility({ contentVisibilityAuto: true }))
            problems.push(`folded: ${facts.parentElement.querySelector("summary").textContent.trim().slice(0, 40)}`);
    if (getComputedStyle(document.body).backgroundColor !== "rgb(255, 255, 255)") problems.push("paper is not white");
    if (getComputedStyle(document.body).color !== "rgb(0, 0, 0)") problems.push("text is not black");
    for (const name of [".verdict", ".cause", "figure", ".asked", ".boxes li"])
        for (const e of document.querySelectorAll(name))
            if (getComputedStyle(e).breakInside !== "avoid") problems.push(`${name} may be cut`);
    return problems;
}

// The boxes to tick: how many, and how large on paper in millimetres.
export function boxes() {
    return [...document.querySelectorAll("input[type=checkbox]")].map((b) => {
        const r = b.getBoundingClientRect(), style = getComputedStyle(b);
        return { mm: Math.min(r.width, r.height) * 25.4 / 96, border: parseFloat(style.borderTopWidth) };
    });
}

// Texts of the first 800 pixels: what is wrong, where, who, what to do.
export function firstScreen() {
    const inView = (e) => e && e.getBoundingClientRect().height > 0 && e.getBoundingClientRect().bottom <= 800;
    const cause = document.querySelector(".cause");
    const rows = [...document.querySelectorAll(".cause:first-of-type dl > div")];
    return { verdict: inView(document.querySelector("h1")), title: inView(cause?.querySelector("h3")),
             rows: rows.filter(inView).map((row) => row.querySelector("dt").textContent.trim()) };
}
