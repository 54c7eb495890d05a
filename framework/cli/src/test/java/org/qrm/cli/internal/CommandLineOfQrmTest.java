package org.qrm.cli.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.qrm.commands.line.Failure;

public class CommandLineOfQrmTest {

    private static final String WEB1 =
            "{'id':7,'kind':'virtual-environment.start','subject':'virtual-environment/web1',"
                    + "'state':'%s','progress':0.5,'steps':[{'name':'open-export','state':'%s'}],'reason':'%s'}";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private StandInServer server;

    @Before
    public void start() throws IOException {
        server = new StandInServer();
        environment.put("QRM_URL", server.url());
        environment.put("QRM_PASSWORD", "secret");
    }

    @After
    public void stop() {
        server.close();
    }

    @Test
    public void changesOnlyWhatIsGivenOfABootImage() {
        server.on("GET /boot-images/xen", 200, "{'name':'xen','loader':'multiboot','files':[],'description':'old'}");
        server.on("PUT /boot-images/xen", 200, "{'name':'xen','loader':'multiboot','files':[],'description':'new'}");
        assertEquals(0, qrm("boot-image", "update", "xen", "--description", "new"));
        assertEquals(
                "PUT /boot-images/xen {\"loader\":\"multiboot\",\"description\":\"new\"}",
                server.requests().get(1));
        assertEquals("Boot image xen is changed.\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    public void searchesInOneWordAndNarrowsListsByAQuery() {
        server.on(
                "GET /search?query=state%3Aerror%20rack%207",
                200,
                "{'found':true,'items':[{'kind':'resource','id':'17','name':'web1','state':'error','field':'tag','text':'gpu'}],"
                        + "'kinds':[{'kind':'resource','more':3}],'rest':'And more: 3 of resource.'}");
        assertEquals(err(), 0, qrm("search", "state:error", "rack 7"));
        assertEquals(
                "ID  KIND      NAME  STATE  FOUND IN  TEXT\n17  resource  web1  error  tag       gpu\n"
                        + "And more: 3 of resource.\n",
                out.toString(StandardCharsets.UTF_8));
        out.reset();
        server.on("GET /search?query=frob", 200, "{'found':false,'items':[],'kinds':[],'rest':''}");
        assertEquals("nothing is a failure, as of grep", 1, qrm("search", "frob"));
        assertTrue(out.toString(StandardCharsets.UTF_8).endsWith("Nothing is found for frob.\n"));
        assertEquals(Failure.USAGE, qrm("search"));
        server.on("GET /resources?limit=1000&query=state%3Aerror%20web&kind=node", 200, "{'items':[],'next':null}");
        assertEquals(err(), 0, qrm("resource", "list", "state:error", "--kind", "node", "web"));
    }

    @Test
    public void understandsWhatPluginsBring() throws IOException {
        environment.put("XDG_CACHE_HOME", folder.getRoot().toString());
        String verbs = "[{'noun':'meter','name':'readings','aliases':[],'about':'Tells it.','method':'GET',"
                + "'path':'/plugin-commands/meter/readings','preset':{},'arguments':[],'options':[{'name':'--meter',"
                + "'about':'Which meter.','place':'QUERY','field':'meter','kind':'TEXT','words':[],'reference':'',"
                + "'many':false,'needed':true,'nothing':false}],'answer':'LIST','merges':false,"
                + "'columns':[{'title':'VALUE','field':'value'}],'done':'','verdict':null}]";
        server.on("GET /plugin-verbs", 200, "{'digest':'d1','verbs':" + verbs + "}");
        server.on("GET /plugin-verbs?known=d1", 200, "{'digest':'d1','verbs':null}");
        server.on(
                "GET /plugin-commands/meter/readings?limit=1000&meter=m1", 200, "{'items':[{'value':7}],'next':null}");
        for (int i = 0; i < 2; i++) {
            assertEquals(err(), 0, qrm("meter", "readings", "--meter", "m1"));
            assertEquals("VALUE\n7\n", out());
        }
        assertEquals("GET /plugin-verbs?known=d1", server.requests().get(2));
        assertEquals(Failure.USAGE, qrm("meter", "readings"));
        assertEquals(Failure.USAGE, qrm("meter", "frobnicate"));
        assertEquals(0, qrm("meter", "readings", "--help"));
        assertTrue(out(), out().contains("Which meter."));
        int asked = server.requests().size();
        assertEquals(Failure.USAGE, qrm("frobnicate", "list"));
        assertEquals("it was asked once", asked + 1, server.requests().size());
        assertTrue(err(), err().contains("Unmatched argument"));
    }

    @Test
    public void aServerThatIsNotReadyYetIsAwayAndRefusesNothing() {
        for (int status : new int[] {404, 500, 503}) {
            server.on("GET /resources/" + status, status, "<h2>HTTP ERROR " + status + "</h2>");
            assertEquals(Failure.UNREACHABLE, qrm("resource", "show", String.valueOf(status)));
            assertTrue(err(), err().contains("it answers HTTP status " + status + " and no word of QRM's"));
        }
    }

    @Test
    public void tellsAPluginWhatItMustKnowOfAMachine() {
        String question = "{'plugin':'ipmi','name':'%s','type':'%s','required':true,'answered':%s,'answer':'%s'}";
        String asks = "GET /resources/node-1/settings?limit=1000";
        server.on(
                asks,
                200,
                "{'items':[" + question.formatted("address", "text", false, "") + ","
                        + question.formatted("password", "secret", false, "") + "],'next':null}");
        server.on(
                asks,
                200,
                "{'items':[" + question.formatted("address", "text", true, "10.0.0.9") + ","
                        + question.formatted("port", "integer", true, "623") + ","
                        + question.formatted("password", "secret", true, "") + "],'next':null}");
        String stores = "PUT /resources/node-1/settings/ipmi";
        server.on(stores, 204, "");
        assertEquals(err(), 0, typing("hunter2\n", "resource", "configure", "node-1", "ipmi", "address=10.0.0.9"));
        assertEquals("Resource node-1 is configured for plug-in ipmi.\n", out.toString(StandardCharsets.UTF_8));
        assertEquals(err(), 0, qrm("resource", "configure", "node-1", "ipmi", "port=624"));
        assertEquals(err(), 0, typing("other\n", "resource", "configure", "node-1", "ipmi", "password"));
        List<String> stored = server.requests().stream()
                .filter(each -> each.startsWith("PUT"))
                .toList();
        assertEquals(
                List.of(
                        stores + " {\"answers\":{\"address\":\"10.0.0.9\",\"password\":\"hunter2\"}}",
                        stores + " {\"answers\":{\"address\":\"10.0.0.9\",\"port\":\"624\"}}",
                        stores + " {\"answers\":{\"address\":\"10.0.0.9\",\"port\":\"623\",\"password\":\"other\"}}"),
                stored);
    }

    @Test
    public void aSecretStaysOffTheCommandLine() {
        server.on(
                "GET /resources/1/settings?limit=1000",
                200,
                "{'items':[{'plugin':'ipmi','name':'password','type':'secret','required':true,'answered':false,'answer':''}]}");
        assertEquals(2, qrm("resource", "configure", "1", "ipmi", "password=hunter2"));
        assertTrue(err(), err().contains("write password alone"));
        assertEquals(2, qrm("resource", "configure", "1", "ipmi", "address"));
        assertEquals(1, server.requests().stream().distinct().count());
    }

    @Test
    public void removesAFileOfABootImage() {
        server.on("DELETE /boot-images/xen/files/a%20b", 200, "{'name':'xen','loader':'linux','files':[]}");
        assertEquals(0, qrm("boot-image", "delete-file", "xen", "a b"));
        assertEquals("Boot image xen has no a b any more.\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    public void installsAPluginFromItsFile() throws IOException {
        Path jar = Files.writeString(folder.newFile("power-1.0.jar").toPath(), "jar");
        String digest = "0".repeat(64);
        server.on(
                "PUT /plugin-files/power-1.0.jar?sha256=" + digest,
                200,
                "{'name':'power-1.0.jar','plugins':['power','lights']}");
        assertEquals(err(), 0, qrm("plugin", "add-file", jar.toString(), "--sha256", digest));
        assertEquals(List.of("PUT /plugin-files/power-1.0.jar?sha256=" + digest + " jar"), server.requests());
        assertEquals("power-1.0.jar is at work, and brings: power lights.\n", out());
    }

    @Test
    public void saysWhyAPluginFileIsNotTaken() throws IOException {
        Path jar = Files.writeString(folder.newFile("power-1.0.jar").toPath(), "jar");
        server.on("PUT /plugin-files/power.jar", 409, "{'detail':'Cannot add plug-in file: missing requirement.'}");
        assertEquals(4, qrm("plugin", "add-file", jar.toString(), "--as", "power.jar"));
        assertTrue(err(), err().contains("missing requirement"));
        assertEquals(2, qrm("plugin", "add-file", jar + ".none"));
    }

    @Test
    public void listsAndRemovesPluginFiles() {
        server.on(
                "GET /plugin-files?limit=1000",
                200,
                "{'items':[{'name':'power.jar','symbolicName':'org.example.power','version':'1.0.0','state':'active',"
                        + "'reason':'','plugins':['power']}],'next':null}");
        server.on("DELETE /plugin-files/power.jar", 204, "");
        assertEquals(0, qrm("plugin", "files"));
        assertTrue(out(), out().contains("org.example.power"));
        assertEquals(0, qrm("plugin", "remove-file", "power.jar"));
        assertTrue(out(), out().endsWith("power.jar is removed.\n"));
    }

    @Test
    public void changesTheDescriptionOfAFilesystemImage() {
        server.on("PUT /filesystem-images/root", 200, "{'name':'root','description':'new'}");
        assertEquals(0, qrm("-o", "json", "filesystem-image", "update", "root", "--description", "new"));
        assertEquals(List.of("PUT /filesystem-images/root {\"description\":\"new\"}"), server.requests());
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("\"new\""));
    }

    @Test
    public void listsFilesystemImagesOfAStorageServer() {
        server.on(
                "GET /filesystem-images?limit=1000&state=ready&storageServer=nas",
                200,
                "{'items':[{'name':'root','storageServer':'nas','state':'ready'}],'next':null}");
        assertEquals(0, qrm("filesystem-image", "list", "--state", "ready", "--storage-server", "nas"));
        assertTrue(out(), out().contains("root"));
    }

    @Test
    public void takesRestoresAndDeletesSnapshots() {
        String snapshots = "/filesystem-images/root/snapshots";
        server.on("POST " + snapshots, 202, WEB1.formatted("queued", "queued", ""));
        server.on("POST " + snapshots + "/before/actions", 202, WEB1.formatted("queued", "queued", ""));
        server.on("DELETE " + snapshots + "/before", 202, WEB1.formatted("queued", "queued", ""));
        server.on(
                "GET " + snapshots + "?limit=1000",
                200,
                "{'items':[{'name':'before','state':'ready','taken':'2026-01-02T03:04:05Z','reason':'','description':''}],"
                        + "'next':null}");
        assertEquals(0, qrm("image-snapshot", "create", "root", "before", "--description", "upgrade"));
        assertEquals(0, qrm("image-snapshot", "restore", "root", "before"));
        assertEquals(0, qrm("image-snapshot", "delete", "root", "before"));
        assertEquals(0, qrm("image-snapshot", "list", "root"));
        assertEquals(
                List.of(
                        "POST " + snapshots + " {\"snapshot\":\"before\",\"description\":\"upgrade\"}",
                        "POST " + snapshots + "/before/actions {\"action\":\"restore\"}",
                        "DELETE " + snapshots + "/before",
                        "GET " + snapshots + "?limit=1000"),
                server.requests());
        assertTrue(out(), out().contains("before"));
    }

    @Test
    public void showsWhereOneWouldGoThatIsNotDescribedYet() {
        server.on(
                "GET /placement?runsOn=partition%3Axen&memoryMb=512",
                200,
                "{'possible':false,'chosen':[],'candidates':[{'resource':3,'name':'node-3','fits':false,"
                        + "'reasons':['it is no partition of xen']}]}");
        assertEquals(Failure.REFUSED, qrm("ve", "placement", "--runs-on", "partition:xen", "--memory-mb", "512"));
        String shown = out.toString(StandardCharsets.UTF_8);
        assertTrue(shown, shown.contains("it is no partition of xen"));
        assertTrue(shown, shown.contains("It cannot start now."));
    }

    @Test
    public void listsMachinesAsATable() {
        server.on(
                "GET /resources?limit=1000&state=idle",
                200,
                "{'items':[{'id':1,'name':'node-1','mac':"
                        + "'52:54:00:aa:00:01','kind':'node','state':'idle','power':'on','cpus':2,'cpuMhz':2000,'memoryMb':2048,"
                        + "'nics':[{'mac':'52:54:00:aa:00:01'}]}],'next':null}");
        assertEquals(0, qrm("resource", "list", "--state", "idle"));
        assertEquals("""
                ID  NAME    MAC                KIND  STATE  POWER  CPUS  MHZ   MEMORY MiB  NICS  ENVIRONMENT  REASON
                1   node-1  52:54:00:aa:00:01  node  idle   on     2     2000  2048        1
                """, out());
    }

    @Test
    public void listsAllPagesAsOneJsonDocument() {
        server.on("GET /virtual-environments?limit=1000", 200, "{'items':[{'name':'a'}],'next':'x y'}")
                .on("GET /virtual-environments?limit=1000&after=x%20y", 200, "{'items':[{'name':'b'}],'next':null}");
        assertEquals(0, qrm("virtual-environment", "list", "-o", "json"));
        assertEquals("{\"items\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"next\":null}", out().replaceAll("\\s", ""));
    }

    @Test
    public void showsNoControlCharactersThatAMachineSent() {
        server.on("GET /resources/1", 200, "{'id':1,'details':{'vendor':'\\u001b[2J\\u009b2J\\u202e'}}");
        assertEquals(0, qrm("resource", "show", "1"));
        assertTrue(out(), out().contains("details.vendor  ?[2J?2J?"));
    }

    @Test
    public void startsAVirtualEnvironmentAndSaysHowToFollowIt() {
        server.on("POST /virtual-environments/web1/actions", 202, WEB1.formatted("queued", "queued", ""));
        assertEquals(0, qrm("ve", "start", "web1", "--count", "2", "--resource", "node-1"));
        assertEquals(
                List.of("POST /virtual-environments/web1/actions"
                        + " {\"action\":\"start\",\"resources\":[\"node-1\"],\"count\":2}"),
                server.requests());
        assertTrue(out(), out().contains("is queued. Follow it: qrm operation wait 7"));
    }

    @Test
    public void waitsAndShowsTheSteps() {
        server.on("POST /virtual-environments/web1/actions", 202, WEB1.formatted("queued", "queued", ""))
                .on("GET /operations/7", 200, WEB1.formatted("running", "running", ""))
                .on("GET /operations/7", 200, WEB1.formatted("done", "done", ""));
        assertEquals(0, qrm("ve", "start", "web1", "--wait"));
        assertTrue(err(), err().contains("  open-export: running\n  open-export: done\n"));
        assertTrue(out(), out().contains("is done."));
    }

    @Test
    public void asksManyAtOnceAndShowsHowFarThatIs() {
        String many = "{'id':7,'kind':'resources.power-off','subject':'resources','state':'%s','progress':0.5,"
                + "'doing':'%s','steps':[{'name':'each','state':'running'}],'reason':'%s'}";
        server.on("POST /resource-actions", 202, many.formatted("running", "", ""))
                .on("GET /operations/7", 200, many.formatted("running", "1 of 3 done", ""))
                .on("GET /operations/7", 200, many.formatted("failed", "2 of 3 done, 1 refused", "node-3: it is off"));
        assertEquals(1, qrm("resource", "power-off", "node-1", "node-2", "node-3", "node-1", "--wait"));
        assertEquals(
                "POST /resource-actions"
                        + " {\"action\":\"power-off\",\"resources\":[\"node-1\",\"node-2\",\"node-3\"]}",
                server.requests().get(0));
        assertTrue(err(), err().contains("    1 of 3 done\n    2 of 3 done, 1 refused\n"));
        assertTrue(err(), err().contains("failed: node-3: it is off"));
    }

    @Test
    public void aDryRunShowsWhatTheFiltersMean() {
        String plan = "{'matches':2,'possible':%d,'things':[{'subject':'resource/1','name':'node-1','reason':''},"
                + "{'subject':'resource/2','name':'node-2','reason':'it is off'}]}";
        String asks = "POST /resource-actions?state=idle&tag=rack%3D7";
        server.on(asks, 200, plan.formatted(1)).on(asks, 200, plan.formatted(0));
        String[] typed = {"resource", "power-off", "--tag", "rack=7", "--state", "idle", "--dry-run"};
        assertEquals(err(), 0, qrm(typed));
        assertEquals(
                asks + " {\"action\":\"power-off\",\"dryRun\":true}",
                server.requests().get(0));
        assertTrue(out(), out().contains("node-2  it is off"));
        assertTrue(out(), out().contains("It would be begun on 1 of 2."));
        assertEquals(Failure.REFUSED, qrm(typed));
    }

    @Test
    public void tagsManyAtOnce() {
        server.on("POST /resource-actions?state=idle", 202, WEB1.formatted("queued", "queued", ""));
        assertEquals(err(), 0, qrm("resource", "tag-all", "rack=7", "gpu", "--state", "idle", "--why", "moved"));
        assertEquals(
                "POST /resource-actions?state=idle"
                        + " {\"action\":\"tag\",\"tags\":[\"rack=7\",\"gpu\"],\"why\":\"moved\"}",
                server.requests().get(0));
    }

    @Test
    public void failsWithTheReasonOfTheOperation() {
        server.on("POST /virtual-environments/web1/actions", 202, WEB1.formatted("queued", "queued", ""))
                .on("GET /operations/7", 200, WEB1.formatted("failed", "failed", "the machine fell silent"));
        assertEquals(1, qrm("ve", "start", "web1", "--wait"));
        assertTrue(err(), err().contains("failed: the machine fell silent"));
    }

    @Test
    public void createsAVirtualEnvironmentFromOptions() {
        server.on("POST /virtual-environments", 201, "{'name':'web1'}");
        assertEquals(
                0,
                qrm(
                        "ve",
                        "create",
                        "web1",
                        "--boot-image",
                        "default",
                        "--filesystem-image",
                        "web1",
                        "--mode",
                        "single",
                        "--memory-mb",
                        "512",
                        "--kernel-argument",
                        "quiet"));
        assertEquals(
                List.of(
                        "POST /virtual-environments {\"name\":\"web1\",\"bootImage\":\"default\",\"filesystemImage\":\"web1\","
                                + "\"mode\":\"single\",\"requirements\":{\"memoryMb\":512},\"kernelArguments\":[\"quiet\"]}"),
                server.requests());
    }

    @Test
    public void changesOnlyWhatIsGiven() {
        server.on(
                        "GET /virtual-environments/web1",
                        200,
                        "{'name':'web1','mode':'multi','requirements':{'cpus':2,'nics':1},"
                                + "'state':'inactive','reason':'','resources':[],'version':3}")
                .on("PUT /virtual-environments/web1", 200, "{'name':'web1'}");
        assertEquals(0, qrm("ve", "update", "web1", "--cpus", "4"));
        assertEquals(
                "PUT /virtual-environments/web1" + " {\"mode\":\"multi\",\"requirements\":{\"cpus\":4,\"nics\":1}}",
                server.requests().get(1));
    }

    @Test
    public void explainsADryRun() {
        server.on(
                "POST /virtual-environments/web1/actions",
                200,
                "{'possible':false,'chosen':[],'candidates':[{'resource':1,"
                        + "'name':'node-1','fits':false,'reasons':['memory 256 MB, needs 512']}]}");
        assertEquals(4, qrm("ve", "start", "web1", "--dry-run"));
        assertTrue(out(), out().contains("memory 256 MB, needs 512"));
    }

    @Test
    public void exitStatusesTellWhatWentWrong() {
        Map<Integer, Integer> statuses = Map.of(400, 2, 401, 6, 403, 6, 404, 3, 409, 4, 413, 2, 500, 1, 503, 5);
        statuses.forEach((http, status) -> {
            server.on("GET /resources/" + http, http, "{'detail':'Cannot do it: because " + http + ".'}");
            assertEquals(http.toString(), (int) status, qrm("resource", "show", http.toString()));
            assertTrue(err(), err().contains("Cannot do it: because " + http + "."));
        });
    }

    @Test
    public void exitStatusOfAWrongPasswordAndOfNoServer() {
        environment.put("QRM_PASSWORD", "wrong");
        assertEquals(6, qrm("resource", "list"));
        server.close();
        assertEquals(5, qrm("resource", "list"));
        assertTrue(err(), err().contains("Cannot reach the server at http://127.0.0.1:"));
    }

    @Test
    public void saysWhatIsWrongWithAnAddressThatNoServerAnswersAt() throws IOException, InterruptedException {
        ServerSocket listening = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
        Thread plain = new Thread(() -> speakPlainly(listening));
        plain.start();
        try {
            Map.of(
                            "https://127.0.0.1:" + listening.getLocalPort(),
                            "it speaks no TLS",
                            "https://nowhere.invalid",
                            "there is no host of this name",
                            "http://127.0.0.1:1",
                            "Connection refused")
                    .forEach((url, why) -> {
                        assertEquals(url, Failure.UNREACHABLE, qrm("resource", "list", "--url", url));
                        assertTrue(err(), err().contains("Cannot reach the server at " + url + ": " + why));
                    });
        } finally {
            listening.close();
            plain.join();
        }
    }

    /** Answers whatever comes as a web server without TLS does. */
    private static void speakPlainly(ServerSocket listening) {
        while (!listening.isClosed()) {
            try (Socket connection = listening.accept()) {
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                connection.shutdownOutput();
                connection.getInputStream().readAllBytes();
            } catch (IOException e) {
                // it hung up, or no more come
            }
        }
    }

    @Test
    public void goesNowhereElseWithItsPassword() {
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            String name = "r" + status;
            server.pointingTo("/elsewhere")
                    .on("GET /resources/" + name, status, "")
                    .on("DELETE /users/" + name, status, "");
            assertEquals(Failure.UNREACHABLE, qrm("resource", "show", name));
            assertTrue(err(), err().contains("it answers HTTP status " + status));
            assertEquals(Failure.UNREACHABLE, qrm("user", "delete", name));
        }
        assertEquals(10, server.requests().size());
    }

    @Test
    public void aChangeIsSentOnceWhereTheConnectionBreaks() throws IOException, InterruptedException {
        AtomicInteger sent = new AtomicInteger();
        ServerSocket listening = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
        Thread breaking = new Thread(() -> breakOff(listening, sent));
        breaking.start();
        try {
            environment.put("QRM_URL", "http://127.0.0.1:" + listening.getLocalPort());
            assertEquals(Failure.UNREACHABLE, qrm("ve", "start", "web1"));
            assertEquals(1, sent.get());
        } finally {
            listening.close();
            breaking.join();
        }
    }

    /** Takes the head of each request, and answers none. */
    private static void breakOff(ServerSocket listening, AtomicInteger taken) {
        while (true) {
            try (Socket connection = listening.accept()) {
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
                String line = lines.readLine();
                while (line != null && !line.isEmpty()) {
                    line = lines.readLine();
                }
                taken.incrementAndGet();
            } catch (IOException e) {
                return;
            }
        }
    }

    @Test
    public void exitStatusOfAMalformedCommandLine() {
        assertEquals(2, qrm("resource", "frobnicate"));
        assertEquals(2, qrm("ve", "start"));
        assertEquals(2, qrm("ve", "create", "web1"));
        assertEquals(2, qrm("no-noun"));
    }

    @Test
    public void takesTheWordOfAnOptionForNoNounAndNoVerb() {
        server.on("GET /resources?limit=1000", 200, "{'items':[],'next':null}");
        environment.put("QRM_TOKEN", "qrm_x");
        assertEquals(err(), 0, qrm("--user", "event", "resource", "list"));
        assertEquals(err(), 0, qrm("resource", "-o", "json", "--user", "show", "list"));
        assertEquals(err(), 0, qrm("resource", "--user=list", "list"));
    }

    @Test
    public void helpTellsOfEveryNounAndVerb() {
        assertEquals(0, qrm("--help"));
        assertTrue(out(), out().contains("storage-server"));
        assertEquals(0, qrm("resource", "--help", "list"));
        assertTrue(out(), out().contains("power-off"));
        assertEquals(2, qrm("resource", "lisst"));
        assertTrue(err(), err().contains("list"));
    }

    @Test
    public void takesCredentialsFromAFileThatIsClosedToOthers() throws IOException {
        Path file = folder.newFile().toPath();
        Files.writeString(file, "# mine\nQRM_USER=admin\nQRM_PASSWORD=secret\nQRM_URL=" + server.url() + "\n");
        environment.clear();
        server.on("GET /plugins?limit=1000", 200, "{'items':[],'next':null}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(2, qrm("--credentials", file.toString(), "plugin", "list"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertEquals(0, qrm("--credentials", file.toString(), "plugin", "list"));
    }

    @Test
    public void namesAreNeverPartOfAPath() {
        qrm("resource", "show", "../plugins?x=1#y");
        assertEquals(List.of("GET /resources/..%2Fplugins%3Fx%3D1%23y"), server.requests());
    }

    @Test
    public void whatIsNotAnsweredAnewStays() {
        server.on("GET /plugins/xen/wizard", 200, "{'answers':{'a':'1','b':'2'},'draft':{'b':'3'}}")
                .on("PUT /plugins/xen/wizard", 200, "{}");
        assertEquals(0, qrm("plugin", "configure", "xen", "a=4"));
        assertEquals(
                "PUT /plugins/xen/wizard {\"answers\":{\"a\":\"4\",\"b\":\"3\"}}",
                server.requests().get(1));
    }

    @Test
    public void readsANewUsersPasswordFromTheInput() {
        server.on("POST /users", 201, "{'name':'ann','role':'viewer'}");
        assertEquals(0, typing("long enough\n", "user", "create", "ann", "--role", "viewer"));
        assertEquals(
                List.of("POST /users {\"name\":\"ann\",\"role\":\"viewer\",\"password\":\"long enough\"}"),
                server.requests());
        assertEquals(2, typing("", "user", "create", "ann", "--role", "viewer"));
    }

    @Test
    public void givesThePresentPasswordWithOnesOwnNewOne() {
        server.on("GET /session", 200, "{'user':'admin','role':'admin','csrfToken':null}")
                .on("GET /tokens?limit=1&user=admin", 200, "{'items':[],'next':null}")
                .on("POST /users/admin/password", 204, "");
        assertEquals(0, typing("long enough\n", "user", "password", "admin"));
        assertEquals(
                "POST /users/admin/password {\"currentPassword\":\"secret\",\"password\":\"long enough\"}",
                server.requests().get(2));
        assertFalse(out(), out().contains("Tokens"));
    }

    @Test
    public void saysThatTokensLiveOnOrRevokesThemWithANewPassword() {
        server.on("GET /session", 200, "{'user':'admin','role':'admin','csrfToken':null}")
                .on("GET /tokens?limit=1&user=bob", 200, "{'items':[{'id':1}],'next':null}")
                .on("POST /users/bob/password", 204, "");
        assertEquals(0, typing("long enough\n", "user", "password", "bob"));
        assertEquals(
                "POST /users/bob/password {\"password\":\"long enough\"}",
                server.requests().get(2));
        assertTrue(out(), out().contains("qrm user revoke-tokens bob"));
        server.on("GET /session", 200, "{'user':'admin','role':'admin','csrfToken':null}")
                .on("POST /users/bob/password", 204, "");
        assertEquals(0, typing("long enough\n", "user", "password", "bob", "--revoke-tokens"));
        assertEquals(
                "POST /users/bob/password {\"revokeTokens\":true,\"password\":\"long enough\"}",
                server.requests().get(4));
    }

    @Test
    public void logsInWithATokenInsteadOfAPassword() {
        environment.remove("QRM_PASSWORD");
        environment.put("QRM_TOKEN", "qrm_x");
        server.on("GET /plugins?limit=1000", 200, "{'items':[],'next':null}");
        assertEquals(0, qrm("plugin", "list"));
        environment.put("QRM_TOKEN", "qrm_y");
        assertEquals(6, qrm("plugin", "list"));
        assertTrue(err(), err().contains("QRM_TOKEN") && !err().contains("qrm_y"));
    }

    @Test
    public void writesANewTokensSecretAlone() {
        server.on("POST /tokens", 201, "{'token':{'id':1,'name':'ci'},'secret':'qrm_abc'}");
        assertEquals(0, qrm("token", "create", "ci", "--role", "viewer"));
        assertEquals("qrm_abc\n", out());
        assertEquals(List.of("POST /tokens {\"name\":\"ci\",\"role\":\"viewer\",\"days\":90}"), server.requests());
    }

    @Test
    public void listsTheAuditLogOfAUser() {
        server.on("GET /audit?limit=5&user=ann", 200, "{'items':[{'id':3,'user':'ann','result':'202'}],'next':null}");
        assertEquals(0, qrm("audit", "list", "--of", "ann", "--limit", "5"));
        assertTrue(out(), out().contains("ann") && out().contains("202"));
    }

    @Test
    public void failsWhereTheAuditLogIsBroken() {
        server.on("GET /audit/verification", 200, "{'ok':true,'entries':7,'firstBroken':null,'reason':''}")
                .on(
                        "GET /audit/verification",
                        200,
                        "{'ok':false,'entries':4,'firstBroken':5,'reason':'it is missing'}");
        assertEquals(0, qrm("audit", "verify"));
        assertEquals(1, qrm("audit", "verify"));
        assertTrue(err(), err().contains("Entry 5 "));
    }

    @Test
    public void changesRolesAndDeletesUsers() {
        server.on("PATCH /users/bob", 200, "{'name':'bob','role':'operator'}").on("DELETE /users/bob", 204, "");
        assertEquals(0, qrm("user", "role", "bob", "operator"));
        assertEquals(0, qrm("user", "delete", "bob"));
        assertEquals(List.of("PATCH /users/bob {\"role\":\"operator\"}", "DELETE /users/bob"), server.requests());
    }

    private int qrm(String... arguments) {
        return typing("", arguments);
    }

    private int typing(String typed, String... arguments) {
        out.reset();
        err.reset();
        return CommandLineOfQrm.run(
                arguments,
                new Session.Place(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new BufferedReader(new StringReader(typed)),
                        environment,
                        null));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
