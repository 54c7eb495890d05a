package org.qrm.netboot.internal;

import static org.junit.Assert.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.karaf.features.BootFinished;
import org.junit.After;
import org.junit.Test;
import org.qrm.api.health.HealthCheck;
import org.qrm.api.health.HealthResult;

public class HealthServletTest {

    private static final String HERE = "10.0.0.1";
    private static final String WITHOUT = "boot OK\ncore OK\nby-hand WARN\n";

    private final Core core = new Core();
    private final Readiness readiness = new Readiness(core, () -> true);

    @After
    public void stop() {
        readiness.stop();
    }

    @Test
    public void theReasonOfAWarningIsForWhoAsksOnTheServerItself() throws Exception {
        core.nodes = new FakeNodes();
        readiness.bootFinished = new BootFinished() {};
        readiness.acts = check -> true;
        readiness.checks = List.of(new HealthCheck() {
            @Override
            public String name() {
                return "by-hand";
            }

            @Override
            public HealthResult execute() {
                return new HealthResult(HealthResult.Status.WARN, "the feature site/1 is lost");
            }
        });
        assertEquals("boot OK\ncore OK\nby-hand WARN: the feature site/1 is lost\n", answer(request(HERE, Map.of())));
        assertEquals("from elsewhere", WITHOUT, answer(request("10.0.0.2", Map.of())));
        for (String header : List.of("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")) {
            assertEquals(header, WITHOUT, answer(request(HERE, Map.of(header, "10.0.0.2"))));
        }
    }

    private String answer(HttpServletRequest request) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        new HealthServlet(readiness).doGet(request, response(body));
        return body.toString(StandardCharsets.UTF_8);
    }

    private static HttpServletRequest request(String from, Map<String, String> headers) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "getRequestURI" -> "/readyz";
                    case "getRemoteAddr" -> from;
                    case "getLocalAddr" -> HERE;
                    case "getHeader" -> headers.get(arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static HttpServletResponse response(ByteArrayOutputStream body) {
        ServletOutputStream out = new ServletOutputStream() {
            @Override
            public void write(int octet) {
                body.write(octet);
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                throw new UnsupportedOperationException();
            }
        };
        return (HttpServletResponse) Proxy.newProxyInstance(
                HttpServletResponse.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (self, method, arguments) -> method.getName().equals("getOutputStream") ? out : null);
    }
}
