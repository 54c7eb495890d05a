package org.qrm.netboot.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.qrm.netboot.internal.NetbootServer.text;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.node.Instruction;
import org.qrm.api.node.Registration;
import org.qrm.api.node.Report;
import org.qrm.api.storage.Mount;

public class NodeServletTest {

    static final String REGISTRATION = """
            version=1
            token=AZ-_tokenOfThisBoot
            boot-id=3f1c2a4e-9a5d-4a56-8a5e-0123456789ab
            mac=52:54:00:aa:00:01
            image=default
            cpus=2
            cpu-mhz=2400
            memory-mb=2048
            nic=52:54:00:aa:00:01,eth0,e1000,1000
            nic=52:54:00:bb:00:01,eth1,,0
            arch=x86_64
            vendor=
            product=Büchse
            address=10.77.0.101
            ssh-host-key=ecdsa-sha2-nistp256 AAAAE2VjZHNh+/=
            execd-port=22
            """;
    static final String REPORT = "resource=17\nstate=idle\nload=0.12\nmemory-free-mb=1800\nuptime=61\n";
    private static final String[] TOKEN = {"Authorization", "Bearer 17.secret"};

    private final TemporaryFolder folder = new TemporaryFolder();
    private final NetbootServer server = new NetbootServer(folder).limitedTo(5);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(server);

    @Test
    public void registersAMachine() throws Exception {
        HttpResponse<byte[]> answer = server.post("/node/v1/register", REGISTRATION);
        assertEquals(200, answer.statusCode());
        assertEquals("""
                resource=17
                node-token=17.secret
                authorized-key=ecdsa-sha2-nistp256 AAAA
                interval=10
                do=idle
                """, text(answer));
        Registration registration = server.nodes.registrations.remove();
        assertEquals("Büchse", registration.hardware().details().get("product"));
        assertEquals(2, registration.hardware().nics().size());
        assertEquals("10.77.0.101", registration.address());
    }

    /** However many there are, and however slow the core is for them. */
    @Test
    public void strangersKeepNoMachineWaiting() throws Exception {
        server.nodes.strangersWait = true;
        List<CompletableFuture<HttpResponse<byte[]>>> strangers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            strangers.add(server.postLater("/node/v1/register", REGISTRATION));
            strangers.add(server.postLater("/node/v1/report", REPORT, "Authorization", "Bearer 17.other"));
        }
        while (server.nodes.waitingStrangers.get() < 6) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 20; i++) {
            assertEquals(200, server.post("/node/v1/report", REPORT, TOKEN).statusCode());
        }
        assertEquals("the core has no more of them at a time", 6, server.nodes.waitingStrangers.get());
        server.nodes.slow.countDown();
        for (CompletableFuture<HttpResponse<byte[]>> stranger : strangers) {
            assertNotEquals(500, stranger.get().statusCode());
        }
    }

    @Test
    public void takesAnInventoryOfWhoHasTheToken() throws Exception {
        String disk = "device=disk,sda,381554,BTYF,INTEL SSDSC2KB40,ssd\n";
        HttpResponse<byte[]> answer = server.post("/node/v1/inventory", disk, TOKEN);
        assertEquals(200, answer.statusCode());
        assertEquals("do=continue\n", text(answer));
        assertEquals("sda", server.nodes.inventories.remove().devices().get(0).name());
        assertEquals(
                401,
                server.post("/node/v1/inventory", disk, "Authorization", "Bearer 17.other")
                        .statusCode());
        assertEquals(401, server.post("/node/v1/inventory", disk).statusCode());
        assertEquals(400, server.post("/node/v1/inventory", "disk=sda\n", TOKEN).statusCode());
        assertTrue(server.nodes.inventories.isEmpty());
    }

    @Test
    public void tellsWhatToMount() throws Exception {
        server.nodes.first = new Instruction.StartImage(
                "web",
                "web-1",
                new Mount("nfs", "10.77.0.2:/export/web1", "vers=3"),
                true,
                List.of(new Instruction.BootServicePackage("xen", "ab".repeat(32))),
                List.of("db.pw=hunter2 = \"ä\""));
        String answer = text(server.post("/node/v1/register", REGISTRATION));
        String instruction = answer.substring(answer.indexOf("do="));
        assertEquals("""
                do=mount
                environment=web
                hostname=web-1
                storage=nfs
                source=10.77.0.2:/export/web1
                options=vers=3
                mode=overlay
                boot-service=xen,%s
                argument=db.pw=hunter2 = "ä"
                """.formatted("ab".repeat(32)), instruction);
    }

    @Test
    public void tellsAHostWhatItsPartitionBootsAndNobodyElse() throws Exception {
        String path = "/node/v1/boot-configurations/00:16:3e:00:00:01";
        assertEquals(401, server.getSecure(path).statusCode());
        assertEquals(
                404,
                server.getSecure("/node/v1/boot-configurations/evil", TOKEN).statusCode());
    }

    @Test
    public void answersNothingOverPlainHttp() throws Exception {
        String address = "http://127.0.0.1:" + server.httpPort() + "/node/v1/register";
        assertEquals(404, server.exchange("POST", address, REGISTRATION).statusCode());
        assertTrue(server.nodes.registrations.isEmpty());
    }

    @Test
    public void answersAReport() throws Exception {
        HttpResponse<byte[]> answer = server.post("/node/v1/report", REPORT, TOKEN);
        assertEquals("do=continue\n", text(answer));
        Report report = server.nodes.reports.remove();
        assertEquals(Report.NodeState.IDLE, report.state());
        assertEquals(0.12, report.load(), 1e-9);
    }

    @Test
    public void holdsAReportUntilThereIsAnInstruction() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> answer = server.postLater("/node/v1/report?hold=30", REPORT, TOKEN);
        assertNotNull(server.nodes.reports.poll(30, TimeUnit.SECONDS));
        assertFalse(answer.isDone());
        waitingFor(17).complete(new Instruction.Reboot());
        assertEquals("do=reboot\n", text(answer.get(30, TimeUnit.SECONDS)));
    }

    @Test
    public void endsAHeldReportWhenTheMachineReportsAnew() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> first = server.postLater("/node/v1/report?hold=30", REPORT, TOKEN);
        assertNotNull(server.nodes.reports.poll(30, TimeUnit.SECONDS));
        CompletableFuture<Instruction> given = waitingFor(17);
        server.postLater("/node/v1/report?hold=30", REPORT, TOKEN);
        assertEquals("do=continue\n", text(first.get(30, TimeUnit.SECONDS)));
        assertThrows(CancellationException.class, () -> given.get(30, TimeUnit.SECONDS));
    }

    @Test
    public void refusesAVoidToken() throws Exception {
        HttpResponse<byte[]> answer = server.post("/node/v1/report", REPORT, "Authorization", "Bearer 17.other");
        assertEquals(401, answer.statusCode());
        assertTrue(text(answer), text(answer).startsWith("error=Cannot accept report"));
        assertEquals(401, server.post("/node/v1/report", REPORT).statusCode());
        assertEquals(
                401,
                server.post("/node/v1/report", REPORT, "Authorization", "Bearer 18.secret")
                        .statusCode());
    }

    @Test
    public void sendsABootService() throws Exception {
        server.nodes.service = new byte[300_000];
        HttpResponse<byte[]> answer = server.getSecure("/node/v1/boot-services/xen", TOKEN);
        assertEquals(200, answer.statusCode());
        assertEquals(300_000, answer.body().length);
        assertEquals(
                404, server.getSecure("/node/v1/boot-services/..%2fxen", TOKEN).statusCode());
    }

    @Test
    public void refusesWhatIsMalformedAndPutsItOnRecord() throws Exception {
        HttpResponse<byte[]> answer = server.post("/node/v1/register", REGISTRATION + "shell=/bin/sh\n");
        assertEquals(400, answer.statusCode());
        assertTrue(text(answer), text(answer).contains("there is no such key"));
        assertTrue(server.nodes.refused.poll(30, TimeUnit.SECONDS).startsWith("127.0.0.1 "));
        assertTrue(server.nodes.registrations.isEmpty());
    }

    @Test
    public void refusesATooLargeBodyAtItsFirstByte() throws Exception {
        try (Socket socket = server.connectSecurely()) {
            send(socket, "POST /node/v1/register HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000000\r\n\r\na");
            assertTrue(readToTheEnd(socket).startsWith("HTTP/1.1 413 "));
        }
    }

    @Test
    public void stopsReadingABodyThatNeverEnds() throws Exception {
        try (Socket socket = server.connectSecurely()) {
            send(socket, "POST /node/v1/register HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "1000\r\n" + "a".repeat(4096) + "\r\n";
            for (int i = 0; i < 5; i++) {
                send(socket, chunk);
            }
            assertTrue(readToTheEnd(socket).startsWith("HTTP/1.1 413 "));
        }
    }

    @Test
    public void saysNothingOfWhatWentWrongInside() throws Exception {
        server.nodes.failure = new IllegalStateException("password of the database");
        HttpResponse<byte[]> answer = server.post("/node/v1/register", REGISTRATION);
        assertEquals(500, answer.statusCode());
        assertEquals("error=The server failed; its log says why.\n", text(answer));
    }

    @Test
    public void asksForPatienceWhileTheCoreIsNotThere() throws Exception {
        server.core.nodes = null;
        HttpResponse<byte[]> answer = server.post("/node/v1/register", REGISTRATION);
        assertEquals(503, answer.statusCode());
        assertTrue(text(answer), text(answer).contains("the server is starting"));
    }

    @Test
    public void asksAgainWhenTheCoreSaysNotNow() throws Exception {
        server.nodes.failure = new QrmException(
                new Problem(Problem.Kind.CONFLICT, "register", "", "the machine is being removed", ""));
        assertEquals(409, server.post("/node/v1/register", REGISTRATION).statusCode());
    }

    @Test
    public void listensNoMoreToAnAddressThatIsRefusedTooOften() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertEquals(400, server.post("/node/v1/register", "x\n").statusCode());
        }
        assertEquals(429, server.post("/node/v1/register", REGISTRATION).statusCode());
        assertEquals(
                429,
                server.post("/node/v1/report", REPORT, "Authorization", "Bearer 17.other")
                        .statusCode());
        assertEquals(
                "but to a machine there",
                200,
                server.post("/node/v1/report", REPORT, TOKEN).statusCode());
    }

    private CompletableFuture<Instruction> waitingFor(long resource) throws InterruptedException {
        while (!server.nodes.waiting.containsKey(resource)) {
            Thread.onSpinWait();
        }
        return server.nodes.waiting.get(resource);
    }

    private static void send(Socket socket, String text) throws Exception {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static String readToTheEnd(Socket socket) throws Exception {
        socket.setSoTimeout(30_000);
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
