package org.qrm.http.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.junit.Rule;
import org.junit.Test;

public class CompressionTest {

    private static final byte[] LONG = "{\"name\":\"node\"}".repeat(400).getBytes(StandardCharsets.UTF_8);

    @Rule
    public final FilteredServer server = new FilteredServer(new Compression(), Map.of("/*", new Answering()));

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    public void textGoesByGzipToWhoTakesIt() throws Exception {
        for (String path : List.of(
                "/?type=application/json",
                "/?type=application/problem%2Bjson",
                "/?type=text/javascript;charset=utf-8",
                "/?type=image/svg%2Bxml",
                "/?type=application/openmetrics-text;version=1.0.0",
                "/?type=application/json&tag=W/%22a%22",
                "/?type=application/json&pieces=7",
                "/?type=application/json&before=500")) {
            HttpResponse<byte[]> answer = get(path, "gzip, deflate, br");
            assertEquals(
                    path,
                    "gzip",
                    answer.headers().firstValue("Content-Encoding").orElse(""));
            assertEquals(
                    path, "Accept-Encoding", answer.headers().firstValue("Vary").orElse(""));
            assertEquals(
                    path,
                    answer.body().length,
                    answer.headers().firstValueAsLong("Content-Length").orElse(0));
            assertTrue(path, answer.body().length < LONG.length / 10);
            assertArrayEquals(path, LONG, unpacked(answer.body()));
        }
    }

    @Test
    public void whatGainsNothingOrHasAnotherMeaningGoesAsItIs() throws Exception {
        for (String path : List.of(
                "/?type=application/octet-stream",
                "/?type=application/gzip",
                "/?type=text/plain&short=1399",
                "/?type=application/json&tag=%22strong%22",
                "/?type=text/event-stream&unknown=1",
                "/?type=text/plain&packed=br")) {
            HttpResponse<byte[]> answer = get(path, "gzip");
            assertTrue(
                    path,
                    !answer.headers().firstValue("Content-Encoding").orElse("").equals("gzip"));
            assertArrayEquals(path, Arrays.copyOf(LONG, answer.body().length), answer.body());
        }
        HttpResponse<byte[]> head = send("HEAD", "/?type=application/json", "gzip");
        assertEquals(
                LONG.length, head.headers().firstValueAsLong("Content-Length").orElse(0));
    }

    /** RFC 9110, 12.5.3. */
    @Test
    public void takesTheWordOfWhoAsks() throws Exception {
        for (String takes :
                List.of("gzip", "GZIP", "x-gzip", "br, gzip;q=0.5", "identity , gzip ; q=1.0", "gzip;q=0.001")) {
            assertEquals(takes, "gzip", coding(takes));
        }
        for (String not : List.of("identity", "br", "gzip;q=0", "gzip; q=0.000", "gzipped", "deflate;gzip", "x")) {
            assertEquals(not, "", coding(not));
        }
    }

    private String coding(String accepted) throws Exception {
        return get("/?type=application/json", accepted)
                .headers()
                .firstValue("Content-Encoding")
                .orElse("");
    }

    private HttpResponse<byte[]> get(String path, String accepted) throws Exception {
        return send("GET", path, accepted);
    }

    private HttpResponse<byte[]> send(String method, String path, String accepted) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(
                HttpRequest.newBuilder(address)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .header("Accept-Encoding", accepted)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] unpacked(byte[] packed) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }

    /** Answers as its query says. */
    private static final class Answering extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getParameter("before") != null) {
                response.setContentType("application/json");
                response.setContentLength(LONG.length);
                response.getOutputStream().write(LONG, 0, Integer.parseInt(request.getParameter("before")));
                response.reset();
                response.addHeader("Vary", "Accept-Encoding");
            }
            response.setContentType(request.getParameter("type"));
            if (request.getParameter("tag") != null) {
                response.setHeader("ETag", request.getParameter("tag"));
            }
            if (request.getParameter("packed") != null) {
                response.setHeader("Content-Encoding", request.getParameter("packed"));
            }
            int length = request.getParameter("short") == null
                    ? LONG.length
                    : Integer.parseInt(request.getParameter("short"));
            if (request.getParameter("unknown") == null) {
                response.setContentLength(length);
            }
            int piece =
                    request.getParameter("pieces") == null ? length : Integer.parseInt(request.getParameter("pieces"));
            if (request.getMethod().equals("GET")) {
                for (int at = 0; at < length; at += piece) {
                    response.getOutputStream().write(LONG, at, Math.min(piece, length - at));
                }
            }
        }
    }
}
