package org.qrm.plugin.dnsmasq.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The plug-in with a real dnsmasq and real DHCP clients, in network namespaces. */
public class DnsmasqIT {

    private static final String FULL =
            "mode=full interface=named rangeStart=10.9.1.100 rangeEnd=10.9.1.110 allowForeign=true";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Network network;
    private RunningPlugin plugin;

    @BeforeClass
    public static void needsRootAndPrograms() {
        String missing = missing();
        if ("true".equals(System.getenv("CI")) && "root".equals(System.getProperty("user.name"))) {
            assertEquals("On CI this test must run", "", missing);
        }
        assumeTrue("Skipped: " + missing, missing.isEmpty());
    }

    @Before
    public void start() throws Exception {
        network = new Network();
        plugin = new RunningPlugin(network.server, folder.getRoot().toPath(), "10.9.1.1");
        plugin.await("ready");
    }

    @After
    public void stop() throws Exception {
        plugin.close();
        network.close();
        String run = "/run/qrm-dnsmasq-"
                + Integer.toHexString(folder.getRoot()
                        .toPath()
                        .resolve("data")
                        .toAbsolutePath()
                        .hashCode());
        Trees.delete(Path.of(run + "-tftp"));
        Trees.delete(Path.of(run + "-machines"));
    }

    @Test
    public void answersOnTheNamedInterfaceOnlyUntilItIsSwitchedOff() throws Exception {
        plugin.configure(FULL).await("dnsmasq answers on named");
        assertTrue("A machine on the named interface gets an address", Network.getsAnAddress(network.machine));
        assertFalse("A machine on another interface gets none", Network.getsAnAddress(network.otherMachine));

        ProcessHandle dnsmasq = plugin.dnsmasq();
        plugin.configure("mode=off");
        dnsmasq.onExit().get(30, TimeUnit.SECONDS);
        assertFalse("Switched off it answers nobody", Network.getsAnAddress(network.machine));
        assertTrue(plugin.health().contains("OK off"));
    }

    @Test
    public void handsOutABootLoaderThatKnowsWhereTheServerIs() throws Exception {
        plugin.configure(FULL).await("dnsmasq answers on named");
        Network.in(network.machine, "ip", "addr", "add", "10.9.1.50/24", "dev", "eth0");
        Path got = folder.newFile().toPath();
        Network.in(network.machine, "busybox", "tftp", "-g", "-r", "lpxelinux.0", "-l", got.toString(), "10.9.1.1");
        byte[] shipped = Files.readAllBytes(Path.of("/usr/lib/PXELINUX/lpxelinux.0"));
        assertEquals(shipped.length + "http://10.9.1.1:8080/boot/".length() + 9, Files.size(got));
    }

    @Test
    public void restartsWhatEndsAndTakesChangesOver() throws Exception {
        plugin.configure(FULL).await("dnsmasq answers on named");
        ProcessHandle first = plugin.dnsmasq();
        first.destroyForcibly();
        plugin.await("event ERROR dnsmasq.failed it ended with status 137");
        plugin.await("dnsmasq answers on named");
        assertNotEquals(first.pid(), plugin.dnsmasq().pid());

        plugin.configure(FULL.replace("10.9.1.1", "10.9.1.2")).await("dnsmasq answers on named");
        assertTrue(Files.readString(folder.getRoot().toPath().resolve("data/dnsmasq/dnsmasq.conf"))
                .contains("dhcp-range=10.9.1.200,10.9.1.210,"));
    }

    @Test
    public void endsWithAServerThatIsKilled() throws Exception {
        plugin.configure(FULL).await("dnsmasq answers on named");
        ProcessHandle dnsmasq = plugin.dnsmasq();
        plugin.kill();
        dnsmasq.onExit().get(30, TimeUnit.SECONDS);
    }

    @Test
    public void refusesToStartBesideAForeignServerUntilThatIsGone() throws Exception {
        Process foreign = foreignServer();
        try {
            plugin.configure(FULL.replace("allowForeign=true", "allowForeign=false"));
            assertTrue(plugin.await("event ERROR").contains("another DHCP server, 10.9.1.9, answers"));
            assertTrue(plugin.health().startsWith("health WARN"));
        } finally {
            foreign.destroyForcibly().waitFor();
        }
        plugin.await("dnsmasq answers on named");
    }

    @Test
    public void offersABootLoaderButNoAddressBesideTheSitesServer() throws Exception {
        Process foreign = foreignServer();
        try {
            plugin.configure("mode=proxy interface=named").await("dnsmasq answers on named (proxy)");
            assertEquals(List.of("proxy 10.9.1.1", "server 10.9.1.9"), whoAnswers());
        } finally {
            foreign.destroyForcibly().waitFor();
        }
        assertFalse("Alone it gives no address", Network.getsAnAddress(network.machine));
    }

    @Test
    public void aKnownMachineHasItsAddressAndItsNameAndNobodyElseIsAnswered() throws Exception {
        String mac = Network.in(network.machine, "cat", "/sys/class/net/eth0/address")
                .strip();
        plugin.configure(FULL + " knownOnly=true domain=site.example mtu=1400 routes=10.8.0.0/16\t10.9.1.7")
                .await("dnsmasq answers on named");
        assertFalse("a stranger", Network.getsAnAddress(network.machine));

        plugin.configure("machines " + mac + "/10.9.1.77/Db1").await("known");
        Map<String, String> lease = awaitLease();
        assertEquals("10.9.1.77", lease.get("ip"));
        assertEquals("1400", lease.get("mtu"));
        assertEquals("10.8.0.0/16 10.9.1.7", lease.get("staticroutes"));
        assertEquals("site.example", lease.get("domain"));
        assertEquals("10.9.1.1", lease.get("dns"));

        Network.in(network.machine, "ip", "addr", "add", "10.9.1.77/24", "dev", "eth0");
        assertTrue(looksUp("db1.site.example").contains("10.9.1.77"));
        assertTrue(looksUp("nobody.site.example").contains("NXDOMAIN"));
        plugin.configure("machines " + mac + "/10.9.1.77/db2").await("known");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!looksUp("db2.site.example").contains("10.9.1.77")) {
            assertTrue("it has another name", System.nanoTime() < end);
        }
        assertTrue(looksUp("db1.site.example").contains("NXDOMAIN"));
        plugin.configure("machines").await("known");
        Network.in(network.machine, "ip", "addr", "flush", "dev", "eth0");
        end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (Network.getsAnAddress(network.machine)) {
            assertTrue("it is removed", System.nanoTime() < end);
        }
    }

    @Test
    public void noMachineIsGivenTheGatewaysAddressThoughThatAnswersNoPing() throws Exception {
        plugin.configure("mode=full interface=named rangeStart=10.9.1.100 rangeEnd=10.9.1.102 allowForeign=true"
                        + " gateway=10.9.1.100 dns=10.9.1.102")
                .await("dnsmasq answers on named");
        assertEquals("10.9.1.101", awaitLease().get("ip"));
    }

    /** What the machine is told when it is answered. */
    private Map<String, String> awaitLease() throws Exception {
        Path told = folder.newFile().toPath();
        Path script = folder.newFile().toPath();
        Files.writeString(script, "#!/bin/sh\n[ \"$1\" != bound ] || env >" + told + "\n");
        assertTrue(script.toFile().setExecutable(true));
        Network.in(
                network.machine,
                "busybox",
                "udhcpc",
                "-i",
                "eth0",
                "-n",
                "-q",
                "-f",
                "-t",
                "20",
                "-T",
                "1",
                "-O",
                "mtu",
                "-O",
                "staticroutes",
                "-s",
                script.toString());
        Map<String, String> lease = new HashMap<>();
        for (String line : Files.readAllLines(told)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                lease.put(line.substring(0, equals), line.substring(equals + 1).strip());
            }
        }
        return lease;
    }

    private String looksUp(String name) throws Exception {
        Process asked = Network.start(network.machine, "busybox", "nslookup", name, "10.9.1.1");
        String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        asked.waitFor();
        return said;
    }

    /** The site's own DHCP server, on the machine's host. */
    private Process foreignServer() throws Exception {
        Network.in(network.machine, "ip", "addr", "add", "10.9.1.9/24", "dev", "eth0");
        Process server = Network.start(
                network.machine,
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--port=0",
                "--pid-file=",
                "--user=root",
                "--no-ping",
                "--interface=eth0",
                "--bind-interfaces",
                "--dhcp-leasefile=" + folder.newFile(),
                "--dhcp-range=10.9.1.20,10.9.1.30");
        return server;
    }

    private List<String> whoAnswers() throws Exception {
        return Network.in(
                        network.machine,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AskInNamespace.class.getName(),
                        "eth0")
                .lines()
                .filter(line -> line.startsWith("proxy") || line.startsWith("server"))
                .sorted()
                .toList();
    }

    private static String missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "it needs root, to make network namespaces";
        }
        for (String program : List.of("/usr/sbin/dnsmasq", "/usr/bin/busybox", "/usr/lib/PXELINUX/lpxelinux.0")) {
            if (!Files.isReadable(Path.of(program))) {
                return program + " is not there (apt-get install dnsmasq-base busybox pxelinux)";
            }
        }
        try {
            Process made = new ProcessBuilder("ip", "netns", "add", "qrm-try").start();
            made.getErrorStream().readAllBytes();
            if (made.waitFor() != 0) {
                return "network namespaces cannot be made here";
            }
            new ProcessBuilder("ip", "netns", "del", "qrm-try").start().waitFor();
            return "";
        } catch (Exception e) {
            return "network namespaces cannot be made here: " + e.getMessage();
        }
    }
}
