using System.Collections.ObjectModel;
using System.Text.Json;
using Lacuna.Reports;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;

namespace Lacuna.Tests.Reports;

/// <summary>Opens a report with every kind of panel in headless Chromium, as Debian has it. Skipped where there is none.</summary>
public sealed class BrowserTests
{
    private const string Driver = "chromedriver";

    // Every text with the colour that it is drawn with and the one below it, as [text, foreground, background]; cells of grids mix their colour with the paper's by their opacity.
    private const string TextColours = """
        const ground = getComputedStyle(document.body).backgroundColor, seen = new Set(), out = [];
        const parse = c => c.match(/[\d.]+/g).map(Number);
        const below = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (parse(c)[3] !== 0) return c; } return ground; };
        const add = (text, front, back) => { const key = front + back; if (!seen.has(key)) { seen.add(key); out.push([text.slice(0, 40), parse(front), parse(back)]); } };
        for (const e of document.querySelectorAll('body *')) {
          if (e.closest('svg') || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
          add(e.textContent.trim(), getComputedStyle(e).color, below(e));
        }
        for (const e of document.querySelectorAll('svg text')) {
          let back = below(e.closest('svg').parentElement);
          if (e.classList.contains('lo') || e.classList.contains('hi')) {
            const cell = e.previousElementSibling;
            if (cell && cell.classList.contains('cell')) {
              const a = Number(cell.getAttribute('fill-opacity')), f = parse(getComputedStyle(cell).fill), g = parse(back);
              back = 'rgb(' + f.slice(0, 3).map((v, i) => v * a + g[i] * (1 - a)).join(',') + ')';
            }
          }
          add(e.textContent, getComputedStyle(e).fill, back);
        }
        return JSON.stringify(out);
        """;

    // Texts that reach out of their picture or are too small to read.
    private const string BadTexts = """
        const out = [];
        for (const svg of document.querySelectorAll('svg[role=img]')) {
          const box = svg.getBoundingClientRect(), scale = box.width / svg.viewBox.baseVal.width;
          for (const t of svg.querySelectorAll('text')) {
            const r = t.getBoundingClientRect();
            if (r.left < box.left - 0.5 || r.right > box.right + 0.5 || r.top < box.top - 0.5 || r.bottom > box.bottom + 0.5) out.push('outside: ' + t.textContent);
            if (!t.classList.contains('lo') && !t.classList.contains('hi') && scale * Number(t.getAttribute('font-size')) < 8.5) out.push('small: ' + t.textContent);
          }
        }
        return JSON.stringify(out);
        """;

    // Pairs of words or numbers of one picture that lie on each other.
    private const string Collisions = """
        const out = [];
        for (const svg of document.querySelectorAll('svg[role=img]')) {
          const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]).sort((a, b) => a[1].top - b[1].top);
          for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length && boxes[j][1].top < boxes[i][1].bottom; j++) {
            const [a, b] = [boxes[i][1], boxes[j][1]];
            const w = Math.min(a.right, b.right) - Math.max(a.left, b.left), h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            // Boxes of lines hold room above and below the letters.
            if (w > 1 && h > 0.4 * Math.min(a.height, b.height) && h > 0.4 * Math.min(a.width, b.width, 12)) out.push(boxes[i][0] + ' | ' + boxes[j][0]);
          }
        }
        return JSON.stringify(out.slice(0, 20));
        """;

    [Fact]
    public void ThePageStandsAloneFitsAndCanBeRead()
    {
        using var folder = new TemporaryFolder();
        var page = ReportFiles.Write(SyntheticReport.In(folder.Path), folder.File("report.html"), TestContext.Current.CancellationToken).Page;
        using var browser = Open(folder.Path);
        var screenshots = Environment.GetEnvironmentVariable("LACUNA_SCREENSHOTS");
        foreach (var (width, scheme) in new[] { (390, "light"), (390, "dark"), (1400, "light"), (1400, "dark") })
        {
            browser.ExecuteCdpCommand("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = width < 500 });
            browser.ExecuteCdpCommand("Emulation.setEmulatedMedia", new() { ["features"] = new object[] { new Dictionary<string, object> { ["name"] = "prefers-color-scheme", ["value"] = scheme } } });
            browser.Navigate().GoToUrl(new Uri(page));
            var where = $"at {width} pixels, {scheme}";
            Assert.Equal(width, Convert.ToInt32(browser.ExecuteScript("return innerWidth"), null));
            var wide = Convert.ToInt32(browser.ExecuteScript("return document.scrollingElement.scrollWidth"), null);
            Assert.True(wide <= width, $"the page is {wide} pixels wide {where}");
            Assert.True(List<string>(browser, BadTexts) is [] , $"{where}: {string.Join("; ", List<string>(browser, BadTexts))}");
            Assert.True(List<string>(browser, Collisions) is [], $"{where}: {string.Join("; ", List<string>(browser, Collisions))}");
            foreach (var text in List<JsonElement>(browser, TextColours))
            {
                var contrast = Contrast(Luminance(text[1]), Luminance(text[2]));
                // WCAG 2.2, 1.4.3: 4.5 for ordinary text.
                Assert.True(contrast >= 4.5, $"'{text[0]}' has a contrast of {contrast:0.00} {where}: {text[1]} on {text[2]}");
            }
            if (screenshots is not null) Screenshot(browser, Path.Combine(screenshots, $"report-{width}-{scheme}.png"));
        }
        // Also what a script of the page would fetch: the page may show pictures only from itself, and has no scripts.
        Assert.Equal("0", browser.ExecuteScript("return String(performance.getEntriesByType('resource').filter(r => !r.name.startsWith('data:')).length)"));
        var asked = Requests(browser.Manage().Logs.GetLog("performance"), new Uri(page).AbsoluteUri).ToArray();
        Assert.Equal(4, asked.Count(url => url == new Uri(page).AbsoluteUri));
        Assert.All(asked, url => Assert.True(url == new Uri(page).AbsoluteUri || url.StartsWith("data:", StringComparison.Ordinal), $"asked for {url}"));
        Assert.Empty(browser.Manage().Logs.GetLog(LogType.Browser).Select(entry => entry.Message));
    }

    private static ChromeDriver Open(string folder)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(path => Path.Combine(path, Driver)).FirstOrDefault(File.Exists);
        var chromium = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
        Assert.SkipUnless(found is not null && chromium is not null, "There is no Chromium with its driver: apt-get install chromium chromium-driver.");
        var options = new ChromeOptions { BinaryLocation = chromium };
        options.AddArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", $"--user-data-dir={Path.Combine(folder, "profile")}");
        options.SetLoggingPreference("performance", LogLevel.All);
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        var service = ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(found), Driver);
        service.SuppressInitialDiagnosticInformation = true;
        return new(service, options, TimeSpan.FromSeconds(60));
    }

    private static List<T> List<T>(ChromeDriver browser, string script) => JsonSerializer.Deserialize<List<T>>((string)browser.ExecuteScript(script)!)!;

    // The browser's own start page asks for things too.
    private static IEnumerable<string> Requests(ReadOnlyCollection<LogEntry> log, string page) => log.Select(entry => JsonDocument.Parse(entry.Message).RootElement.GetProperty("message"))
        .Where(message => message.GetProperty("method").GetString() == "Network.requestWillBeSent" && message.GetProperty("params").GetProperty("documentURL").GetString() == page)
        .Select(message => message.GetProperty("params").GetProperty("request").GetProperty("url").GetString()!);

    // WCAG 2.2, relative luminance of sRGB.
    private static double Luminance(JsonElement rgb)
    {
        double[] linear = [.. rgb.EnumerateArray().Take(3).Select(channel => channel.GetDouble() / 255).Select(c => c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    }

    private static double Contrast(double a, double b) => (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);

    private static void Screenshot(ChromeDriver browser, string path)
    {
        var result = (Dictionary<string, object>)browser.ExecuteCdpCommand("Page.captureScreenshot", new() { ["captureBeyondViewport"] = true })!;
        File.WriteAllBytes(path, Convert.FromBase64String((string)result["data"]));
    }
}
