package org.qrm.itests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.rules.TemporaryFolder;

/** Headless Chromium with one page, or with several tabs of which each is one of these; driven over its DevTools protocol. */
public final class Browser {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_SECONDS = 60;

    /** Their virtual key codes. */
    private static final Map<String, Integer> KEYS =
            Map.of("Tab", 9, "Enter", 13, "Escape", 27, "Space", 32, "ArrowUp", 38, "ArrowDown", 40, "/", 191);

    private final Process process;
    /** Where it tells of its tabs, and makes more. */
    private final URI tabs;

    private final WebSocket socket;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();

    /** Starts one that keeps its files in that folder, and trusts the server's own certificate. */
    public Browser(TemporaryFolder folder, int width, int height) throws Exception {
        Path profile = folder.newFolder().toPath();
        ProcessBuilder chromium = new ProcessBuilder(
                        "chromium",
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--ignore-certificate-errors",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "--window-size=" + width + "," + height,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("chromium.log").toFile());
        chromium.environment().put("TMPDIR", profile.toString());
        process = chromium.start();
        try {
            tabs = URI.create("http://127.0.0.1:" + port(profile) + "/json/");
            socket = socket(page());
            begin();
        } catch (Exception | AssertionError failed) {
            process.destroyForcibly();
            throw failed;
        }
    }

    private Browser(Browser first) throws Exception {
        process = first.process;
        tabs = first.tabs;
        HttpRequest another = HttpRequest.newBuilder(tabs.resolve("new?about:blank"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        socket = socket(listensAt(JSON.readTree(HttpClient.newHttpClient()
                .send(another, HttpResponse.BodyHandlers.ofString())
                .body())));
        begin();
    }

    /** One more tab, in sight from then on; it is closed with this browser. */
    public Browser tab() throws Exception {
        return new Browser(this);
    }

    /** Brings this tab into sight. */
    public void show() throws Exception {
        call("Page.bringToFront", JSON.createObjectNode());
    }

    private void begin() throws Exception {
        call("Page.enable", JSON.createObjectNode());
        calm();
    }

    private WebSocket socket(URI page) throws Exception {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(page, new Listener())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Where it listens, once it has said so. */
    private String port(Path profile) throws Exception {
        Path port = profile.resolve("DevToolsActivePort");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(port) || Files.readAllLines(port).size() < 2) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new AssertionError(
                        "Chromium does not start: " + Files.readString(profile.resolve("chromium.log")));
            }
            LockSupport.parkNanos(100_000_000);
        }
        return Files.readAllLines(port).get(0);
    }

    private URI page() throws Exception {
        for (JsonNode target : JSON.readTree(HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(tabs.resolve("list")).build(), HttpResponse.BodyHandlers.ofString())
                .body())) {
            if (target.get("type").asText().equals("page")) {
                return listensAt(target);
            }
        }
        throw new AssertionError("Chromium has no page");
    }

    private static URI listensAt(JsonNode target) {
        return URI.create(target.get("webSocketDebuggerUrl").asText());
    }

    /** Colours that change slowly would be seen half-way. */
    private void calm() throws Exception {
        ObjectNode media = JSON.createObjectNode();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-reduced-motion")
                .put("value", "reduce");
        call("Emulation.setEmulatedMedia", media);
    }

    public void open(String address) throws Exception {
        call("Page.navigate", JSON.createObjectNode().put("url", address));
    }

    /** Loads the page anew, and waits until it is another one. */
    public void reload() throws Exception {
        eval("window.old = true");
        call("Page.reload", JSON.createObjectNode());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (isOld()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the page was not loaded anew");
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    private boolean isOld() throws Exception {
        try {
            return eval("window.old === true || document.readyState !== 'complete'")
                    .asBoolean();
        } catch (IOException goesJustNow) {
            return true;
        }
    }

    /** The value of a JavaScript expression in the page. */
    public JsonNode eval(String expression) throws Exception {
        JsonNode answer = call(
                "Runtime.evaluate",
                JSON.createObjectNode()
                        .put("expression", expression)
                        .put("awaitPromise", true)
                        .put("returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    /** Waits until an expression is true. */
    public void await(String what, String expression) throws Exception {
        await(what, Duration.ofSeconds(PATIENCE_SECONDS), expression);
    }

    /** The same, for what takes long. */
    public void await(String what, Duration limit, String expression) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (!eval("Boolean(" + expression + ")").asBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit.toSeconds() + " s: " + what + "; the page says: "
                        + eval("document.body.innerText").asText());
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    public void awaitText(String text) throws Exception {
        await("the page says " + text, "document.body.innerText.includes(" + JSON.writeValueAsString(text) + ")");
    }

    /** Clicks the first button, link or head of a menu of that text, within what a selector chooses. */
    public void click(String within, String text) throws Exception {
        String found = "[...document.querySelectorAll(" + JSON.writeValueAsString(within)
                + ")].flatMap(each => [...each.querySelectorAll('a,button,summary')]).find(each => each.innerText.trim() === "
                + JSON.writeValueAsString(text) + ")";
        await("there is " + text + " to click at", found);
        eval(found + ".click()");
    }

    /** Types into a field, as its user would: what listens to it hears of it. */
    public void fill(String selector, String text) throws Exception {
        String field = "document.querySelector(" + JSON.writeValueAsString(selector) + ")";
        await("there is " + selector, field);
        eval("(field => { field.focus(); field.value = " + JSON.writeValueAsString(text)
                + "; field.dispatchEvent(new Event('input', {bubbles: true}));"
                + " field.dispatchEvent(new Event('change', {bubbles: true})); })(" + field + ")");
    }

    /** Chooses a file in a field for files. */
    public void choose(String selector, Path file) throws Exception {
        await("there is " + selector, "document.querySelector(" + JSON.writeValueAsString(selector) + ")");
        JsonNode field = call(
                "Runtime.evaluate",
                JSON.createObjectNode()
                        .put("expression", "document.querySelector(" + JSON.writeValueAsString(selector) + ")"));
        ObjectNode chosen = JSON.createObjectNode()
                .put("objectId", field.path("result").path("objectId").asText());
        chosen.putArray("files").add(file.toString());
        call("DOM.setFileInputFiles", chosen);
    }

    /** Makes its page so large, as that of another screen. */
    public void resize(int width, int height) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                JSON.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
    }

    /** Presses a key and lets it go: Tab, Enter, Escape, Space, ArrowUp, ArrowDown, a slash. */
    public void press(String key) throws Exception {
        press(key, 0);
    }

    /** The same while the shift key is held. */
    public void pressWithShift(String key) throws Exception {
        press(key, 8);
    }

    private void press(String key, int modifiers) throws Exception {
        ObjectNode down = JSON.createObjectNode()
                .put("type", "keyDown")
                .put("key", key.equals("Space") ? " " : key)
                .put("code", key)
                .put("modifiers", modifiers)
                .put("windowsVirtualKeyCode", KEYS.get(key));
        if (key.equals("Enter") || key.equals("Space")) {
            down.put("text", key.equals("Enter") ? "\r" : " ");
        } else if (key.length() == 1) {
            down.put("text", key);
        }
        call("Input.dispatchKeyEvent", down);
        down.remove("text");
        call("Input.dispatchKeyEvent", down.put("type", "keyUp"));
    }

    /** Types where the focus is, character by character. */
    public void type(String text) throws Exception {
        for (char each : text.toCharArray()) {
            call(
                    "Input.dispatchKeyEvent",
                    JSON.createObjectNode().put("type", "char").put("text", String.valueOf(each)));
        }
    }

    public void screenshot(Path file) throws Exception {
        Files.createDirectories(file.getParent());
        JsonNode taken = call("Page.captureScreenshot", JSON.createObjectNode().put("format", "png"));
        Files.write(file, Base64.getDecoder().decode(taken.get("data").asText()));
    }

    private JsonNode call(String method, ObjectNode parameters) throws Exception {
        int id = calls.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        socket.sendText(message.toString(), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        JsonNode said = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (said.has("error")) {
            throw new IOException(method + ": " + said.get("error"));
        }
        return said.get("result");
    }

    /** Returns when nothing of it runs any more and its folder can go. */
    public void close() {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        process.destroy();
        for (ProcessHandle each : all) {
            each.onExit().completeOnTimeout(each, 20, TimeUnit.SECONDS).join();
            each.destroyForcibly();
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                deliver(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void deliver(String message) {
            try {
                JsonNode said = JSON.readTree(message);
                CompletableFuture<JsonNode> waiting =
                        answers.remove(said.path("id").asInt(0));
                if (waiting != null) {
                    waiting.complete(said);
                }
            } catch (IOException malformed) {
                throw new IllegalStateException(malformed);
            }
        }
    }
}
