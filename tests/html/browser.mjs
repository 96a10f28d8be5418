// The system's Chromium, headless, without its own connections.
import { chromium } from "playwright-core";

export const launch = () => chromium.launch({
    timeout: 300000, // a loaded machine is no failure
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"],
});
