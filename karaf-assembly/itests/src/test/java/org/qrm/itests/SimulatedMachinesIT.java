package org.qrm.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/** What goes wrong in a data centre of thirty machines: too many wanted, plug-ins that misbehave, hostile machines. */
public class SimulatedMachinesIT extends SimulatedSite {

    private static final Pattern TOKEN = Pattern.compile("qrm\\.token=([A-Za-z0-9_-]+)");

    @Test
    public void fiftyEnvironmentsRaceForThirtyMachines() throws Exception {
        List<String> names =
                Stream.iterate(1, i -> i + 1).limit(50).map(i -> "race" + i).toList();
        for (String name : names) {
            environment(name);
        }
        ExecutorService threads = Executors.newFixedThreadPool(names.size());
        List<HttpResponse<String>> answers = new ArrayList<>();
        try {
            List<Callable<HttpResponse<String>>> starts = names.stream()
                    .<Callable<HttpResponse<String>>>map(name -> () -> act(name, "start"))
                    .toList();
            for (Future<HttpResponse<String>> start : threads.invokeAll(starts)) {
                answers.add(start.get());
            }
        } finally {
            threads.shutdown();
        }
        List<HttpResponse<String>> refused =
                answers.stream().filter(answer -> answer.statusCode() != 202).toList();
        assertEquals(names.size() - MACHINES, refused.size());
        for (HttpResponse<String> answer : refused) {
            assertEquals(answer.body(), 4, answer.statusCode() / 100);
            assertTrue(answer.body(), answer.body().contains("not enough machines fit (1 needed)"));
        }
        JsonNode running = rest.await(
                "thirty run",
                "/virtual-environments?state=active&limit=100",
                list -> list.get("items").size() == MACHINES);
        Set<Long> taken = new HashSet<>();
        running.get("items").forEach(each -> each.get("resources").forEach(id -> taken.add(id.asLong())));
        assertEquals("no machine is taken twice", MACHINES, taken.size());
        for (JsonNode each : running.get("items")) {
            assertEquals(202, act(each.get("name").asText(), "stop").statusCode());
        }
        awaitIdle(MACHINES);
    }

    @Test
    public void aListenerThatMisbehavesFailsItsOperationAlone() throws Exception {
        for (String name : List.of("throws", "hangs", "goes", "good")) {
            environment(name);
        }
        long goes = start("goes");
        while (!Files.exists(SERVER.data().resolve("asked-goes"))) {
            JsonNode asking = rest.get("/operations/" + goes);
            assertNotEquals(asking.toString(), "failed", asking.get("state").asText());
            Thread.sleep(100);
        }
        long throwing = start("throws");
        assertFails(throwing, "no licence for it");
        karaf("bundle:stop " + WickedBundle.NAME);
        assertFails(goes, "went away");
        karaf("bundle:start " + WickedBundle.NAME);
        long hanging = start("hangs");
        long good = start("good");
        rest.await("the other one goes on", "/operations/" + good, is("state", "done"));
        assertFails(hanging, "30 s");
        stop("good");
    }

    private static void assertFails(long operation, String reason) throws Exception {
        JsonNode ended = rest.await(
                "it has ended",
                "/operations/" + operation,
                is("state", "failed").or(is("state", "done")).or(is("state", "cancelled")));
        assertEquals(ended.toString(), "failed", ended.get("state").asText());
        assertTrue(ended.toString(), ended.get("reason").asText().contains(reason));
    }

    @Test
    public void whatHostileMachinesSayIsRefusedAndChangesNothing() throws Exception {
        long resources = count("/resources?limit=1000");
        String mac = "02:51:51:00:ff:01";
        String token = token(mac);
        assertEquals(
                400, register(token, mac, "a", "serial=" + "x".repeat(65536)).statusCode() / 100 * 100);
        assertEquals(400, register(token, mac, "a", "hostname=web").statusCode());
        assertEquals(400, register(token, "no-mac", "a", "").statusCode());
        assertEquals(401, register(token("02:51:51:00:ff:02"), mac, "a", "").statusCode());
        assertEquals(resources, count("/resources?limit=1000"));

        HttpResponse<String> registered = register(token, mac, "a", "");
        assertEquals(registered.body(), 200, registered.statusCode());
        assertEquals("a token works once", 401, register(token, mac, "b", "").statusCode());
        rest.await(
                "which is an alarm",
                "/events?limit=200",
                list -> list.toString().contains("boot token")
                        && list.toString().contains(mac));
        String id = value(registered.body(), "resource");
        HttpResponse<String> other = register(token("02:51:51:00:ff:03"), "02:51:51:00:ff:03", "c", "");
        assertEquals(
                "with the token of the other machine",
                401,
                rest.node(
                                "/report",
                                value(other.body(), "node-token"),
                                BodyPublishers.ofString(
                                        "resource=" + id + "\nstate=active\nload=0\n" + "memory-free-mb=1\nuptime=1\n"))
                        .statusCode());
        assertEquals("idle", rest.get("/resources/" + id).get("state").asText());
        assertEquals(resources + 2, count("/resources?limit=1000"));
        assertEquals(413, registerWithoutEnd().statusCode());
        for (String each : List.of(id, value(other.body(), "resource"))) {
            rest.make("/resources/" + each + "/actions", "{\"action\":\"remove\"}");
        }
        rest.await(
                "it is gone", "/resources?limit=1000", list -> list.get("items").size() == resources);
    }

    /** Chunk after chunk, without a length: 64 MB are a quarter of the server's memory. */
    private static HttpResponse<String> registerWithoutEnd() throws IOException, InterruptedException {
        Iterable<byte[]> chunks =
                () -> Stream.generate(() -> new byte[1 << 16]).limit(1 << 10).iterator();
        return rest.node("/register", null, BodyPublishers.ofByteArrays(chunks));
    }

    @Test
    public void whatABootLoaderWouldInterpretIsRefused() throws Exception {
        rest.make(
                "/virtual-environments",
                "{\"name\":\"harmless\",\"filesystemImage\":\"web\",\"kernelArguments\":[\"memmap=4G$0x1\",\"u=http://a/?b=c&d=e\"]}");
        for (String argument : List.of("a\\nb", "x\\\"y", "a'b", "a b", "initrd=x", "---", "qrm.token=x", "\u202e")) {
            HttpResponse<String> refused = rest.post(
                    "/virtual-environments",
                    "{\"name\":\"bad\",\"filesystemImage\":\"web\",\"kernelArguments\":[\"" + argument + "\"]}");
            assertEquals(argument + ": " + refused.body(), 400, refused.statusCode());
            assertTrue(refused.body(), refused.body().contains("argument"));
        }
        for (String path : List.of(
                "/boot/images/default/../../../etc/passwd",
                "/boot/images/default/%2e%2e/%2e%2e/tls/ca.p12",
                "/boot/images/default/vmlinuz%00",
                "/boot/images/..%2f..%2fusers.properties",
                "/boot/pxelinux.cfg/01-52-54-00-aa-00",
                "/boot/pxelinux.cfg/01-zz-54-00-aa-00-01",
                "/boot/configuration/52:54:00:aa:00:01%0a",
                "/boot/grub.cfg/..%2fgrub.cfg")) {
            HttpResponse<String> answer = plain(path);
            assertEquals(path + " answered " + answer.body(), 4, answer.statusCode() / 100);
            assertFalse(answer.body(), answer.body().contains("root:"));
        }
        HttpResponse<String> configuration = plain("/boot/pxelinux.cfg/01-52-54-00-aa-00-01");
        assertEquals(200, configuration.statusCode());
        assertEquals(200, plain("/boot/ca.pem").statusCode());
        assertEquals(200, plain("/boot/configuration/52:54:00:aa:00:01").statusCode());
    }

    private static HttpResponse<String> plain(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + SERVER.port("QRM_HTTP_PORT") + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static String token(String mac) throws IOException, InterruptedException {
        Matcher token = TOKEN.matcher(
                plain("/boot/pxelinux.cfg/01-" + mac.replace(':', '-')).body());
        assertTrue(token.find());
        return token.group(1);
    }

    private static HttpResponse<String> register(String token, String mac, String boot, String more)
            throws IOException, InterruptedException {
        return rest.node(
                "/register",
                null,
                BodyPublishers.ofString(String.join(
                        "\n",
                        "version=1",
                        "token=" + token,
                        "boot-id=00000000-0000-4000-8000-00000000000" + boot,
                        "mac=" + mac,
                        "image=default",
                        "cpus=1",
                        "cpu-mhz=1000",
                        "memory-mb=100",
                        "nic=" + mac + ",eth0,e1000,1000",
                        "arch=x86_64",
                        "address=10.128.9." + (1 + Math.floorMod(mac.hashCode(), 250)),
                        "ssh-host-key=ecdsa-sha2-nistp256 AAAA",
                        "execd-port=8022",
                        more.isEmpty() ? "vendor=none" : more,
                        "")));
    }

    private static String value(String body, String key) {
        return body.lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private static long count(String path) throws IOException, InterruptedException {
        return rest.get(path).get("items").size();
    }
}
