// screenshot.mjs FILE.html OUT.png WIDTH [HEIGHT|full] [dark|print]: a picture of a report.
import { pathToFileURL } from "node:url";
import { launch } from "./browser.mjs";

const [file, out, width, height = "full", look = "light"] = process.argv.slice(2);
if (width === undefined) {
    console.error("usage: screenshot.mjs FILE.html OUT.png WIDTH [HEIGHT|full] [light|dark|print]");
    process.exit(2);
}
const browser = await launch();
try {
    const page = await browser.newPage({
        viewport: { width: Number(width), height: height === "full" ? 800 : Number(height) },
        colorScheme: look === "dark" ? "dark" : "light",
    });
    if (look === "print") await page.emulateMedia({ media: "print" });
    await page.goto(pathToFileURL(file).href);
    await page.screenshot({ path: out, fullPage: height === "full" });
} finally {
    await browser.close();
}
