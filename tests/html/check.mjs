// check.mjs FILE.html...: opens each report in Chromium and writes what is wrong with it as JSON:
// {file: {rule: [problem, ...]}}. A file named harmless-… is only asked for its elements.
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./browser.mjs";
import { boxes, contrast, fits, firstScreen, paper, skeleton, structure } from "./rules.mjs";

const A4 = 794, WIDE = 1280;
const LOOKS = [["narrow", 360, {}], ["A4", A4, {}], ["wide", WIDE, { scheme: "dark" }],
               ["print", A4, { media: "print", scheme: "dark" }]];

// Tall enough that all of the page can be asked what is at a point.
async function look(page, width, options = {}) {
    await page.emulateMedia({ media: options.media ?? "screen", colorScheme: options.scheme ?? "light" });
    await page.setViewportSize({ width, height: 800 });
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height: Math.min(height + 50, 30000) });
}

async function check(browser, file) {
    const url = pathToFileURL(file).href, requests = [], events = [];
    const page = await browser.newPage({ viewport: { width: WIDE, height: 800 } });
    page.setDefaultTimeout(300000);
    page.on("request", (request) => requests.push(request.url()));
    page.on("dialog", (dialog) => { events.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on("console", (message) => events.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => events.push(`error: ${error.message}`));
    await page.goto(url);
    const found = { first: await page.evaluate(firstScreen), skeleton: await page.evaluate(skeleton),
                    structure: await page.evaluate(structure), events, fits: [], contrast: [] };
    if (basename(file).startsWith("harmless-")) {
        await page.close();
        return found;
    }
    for (const [name, width, options] of LOOKS) {
        await look(page, width, options);
        const say = (list) => list.map((text) => `${name}: ${text}`);
        if (options.media !== "print") found.fits.push(...say(await page.evaluate(fits)));
        found.contrast.push(...say(await page.evaluate(contrast)));
    }
    await look(page, A4, { media: "print" });
    found.paper = await page.evaluate(paper);
    found.boxes = await page.evaluate(boxes);
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: false });
    writeFileSync(file.replace(/html$/, "pdf"), pdf);
    found.executed = await page.evaluate(() => "owned" in window ? ["a script of the report ran"] : []);
    found.requests = requests.filter((request) => request !== url);
    await page.close();
    return found;
}

const browser = await launch(), all = {}, files = process.argv.slice(2);
const work = async () => {
    for (let file = files.shift(); file; file = files.shift()) all[file] = await check(browser, file);
};
try {
    await Promise.all([work(), work()]);
} finally {
    await browser.close();
}
console.log(JSON.stringify(all));
