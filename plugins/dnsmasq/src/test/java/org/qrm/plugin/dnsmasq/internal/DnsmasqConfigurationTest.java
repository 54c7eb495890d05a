package org.qrm.plugin.dnsmasq.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

public class DnsmasqConfigurationTest {

    private static final Map<String, String> FULL =
            Map.of("mode", "full", "interface", "eth1", "rangeStart", "10.77.0.100", "rangeEnd", "10.77.0.200");

    @Test
    public void fullModeWithTheLeastThatMustBeSaid() throws IOException {
        assertEquals(golden("full-least"), render(FULL, false));
    }

    @Test
    public void fullModeWithEverything() throws IOException {
        Map<String, String> all =
                with(FULL, "netmask", "255.255.0.0", "leaseTime", "45m", "gateway", "10.77.0.254", "dns", "10.77.0.2");
        all = with(all, "mtu", "9000", "routes", "10.9.0.0/16 10.77.0.253", "domain", "Site.example");
        assertEquals(golden("full-everything"), render(with(all, "allowForeign", "true", "knownOnly", "true"), true));
    }

    @Test
    public void proxyMode() throws IOException {
        assertEquals(golden("proxy"), render(Map.of("mode", "proxy", "interface", "eth1"), true));
    }

    @Test
    public void withSecureBootTheLoadersAreSignedOnes() {
        String full = render(with(FULL, "secureBoot", "true"), true);
        assertTrue(full, full.contains("\ndhcp-boot=tag:efi64,shimx64.efi\n"));
        assertTrue(full, full.contains("\ndhcp-boot=tag:http64,http://10.77.0.1:8080/boot/secure.img\n"));
    }

    @Test
    public void withSecureBootOverHttpAloneOnlyTheDiskInMemoryIsSigned() {
        String full = render(with(FULL, "secureBoot", "http"), true);
        assertTrue(full, full.contains("\ndhcp-boot=tag:efi64,grubnet.efi\n"));
        assertTrue(full, full.contains("\ndhcp-boot=tag:http64,http://10.77.0.1:8080/boot/secure.img\n"));
    }

    @Test
    public void withSecureBootBesideAnotherServerTheDiskInMemoryIsSigned() {
        String proxy = render(Map.of("mode", "proxy", "interface", "eth1", "secureBoot", "http"), true);
        assertTrue(proxy, proxy.contains("\npxe-service=7,\"QRM\",grubnet.efi\n"));
        assertTrue(proxy, proxy.contains("\ndhcp-boot=tag:http64,http://10.77.0.1:8080/boot/secure.img\n"));
    }

    @Test
    public void refusesARangeOutsideTheInterfacesNetwork() {
        Map<String, String> elsewhere = with(FULL, "rangeStart", "10.78.0.100", "rangeEnd", "10.78.0.200");
        QrmException refused = assertThrows(QrmException.class, () -> render(elsewhere, false));
        assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
        assertTrue(refused.getMessage(), refused.getMessage().contains("10.78.0.100 is not in the network"));
    }

    @Test
    public void handsOutNoAddressThatIsTheNetworksOwn() {
        Map<String, String> wanted = Map.of(
                "10.77.0.0 10.77.0.255 255.255.255.0", "10.77.0.1,10.77.0.254",
                "10.77.0.100 10.77.0.255 255.255.255.0", "10.77.0.100,10.77.0.254",
                "10.77.0.0 10.77.0.9 255.255.255.0", "10.77.0.1,10.77.0.9",
                "10.77.0.0 10.77.0.255 255.255.0.0", "10.77.0.1,10.77.0.255",
                "10.77.0.255 10.77.1.0 255.255.0.0", "10.77.0.255,10.77.1.0",
                "10.77.0.0 10.77.255.255 255.255.0.0", "10.77.0.1,10.77.255.254",
                "10.77.0.0 10.77.0.127 255.255.255.128", "10.77.0.1,10.77.0.126",
                "10.77.0.0 10.77.0.3 255.255.255.252", "10.77.0.1,10.77.0.2",
                "10.77.0.0 10.77.0.1 255.255.255.254", "10.77.0.0,10.77.0.1",
                "10.77.0.7 10.77.0.7 255.255.255.0", "10.77.0.7,10.77.0.7");
        wanted.forEach((asked, range) -> {
            String[] words = asked.split(" ");
            String text = render(with(FULL, "rangeStart", words[0], "rangeEnd", words[1], "netmask", words[2]), false);
            assertTrue(asked + ": " + text, text.contains("\ndhcp-range=" + range + "," + words[2] + ","));
        });
        for (String none : List.of("10.77.0.0", "10.77.0.255")) {
            QrmException refused = assertThrows(
                    none, QrmException.class, () -> render(with(FULL, "rangeStart", none, "rangeEnd", none), false));
            assertEquals(Problem.Kind.CONFLICT, refused.problem().kind());
        }
    }

    @Test
    public void handsOutNoAddressThatTheSiteHasOtherwise() {
        Map<String, String> site = with(
                FULL,
                "gateway",
                "10.77.0.100",
                "dns",
                "10.77.0.200",
                "routes",
                "10.9.0.0/16 10.77.0.150, 10.8.0.0/16 10.77.0.99");
        List<String> kept = render(site, false)
                .lines()
                .filter(line -> line.startsWith("dhcp-host="))
                .toList();
        assertEquals(
                List.of(
                        "dhcp-host=id:qrm-10.77.0.100,10.77.0.100",
                        "dhcp-host=id:qrm-10.77.0.200,10.77.0.200",
                        "dhcp-host=id:qrm-10.77.0.150,10.77.0.150"),
                kept);
        String one = render(with(FULL, "gateway", "10.77.0.150", "dns", "10.77.0.150"), false);
        assertEquals(
                1, one.lines().filter(line -> line.startsWith("dhcp-host=")).count());
    }

    @Test
    public void refusesARouteByAGatewayElsewhere() {
        QrmException refused =
                assertThrows(QrmException.class, () -> render(with(FULL, "routes", "10.9.0.0/16 10.78.0.1"), false));
        assertTrue(refused.getMessage(), refused.getMessage().contains("the gateway 10.78.0.1 of a route"));
    }

    @Test
    public void refusesPathsThatItsFileCannotHold() {
        for (String hostile : new String[] {"/a,b", "/a#b", "/a\nuser=root", "/a\"b", "/a\\b"}) {
            Surroundings around = around(Path.of(hostile), false, false);
            assertThrows(
                    hostile,
                    QrmException.class,
                    () -> DnsmasqConfiguration.render(NetworkSettings.parse(FULL), around));
        }
    }

    @Test
    public void saysToStayRootWhenItRunsAsRoot() {
        Surroundings around = around(Path.of("/opt/qrm/boot/tftp"), false, true);
        assertTrue(
                DnsmasqConfiguration.render(NetworkSettings.parse(FULL), around).contains("\nuser=root\ngroup=root\n"));
    }

    private static String render(Map<String, String> configuration, boolean efi) {
        return DnsmasqConfiguration.render(
                NetworkSettings.parse(configuration), around(Path.of("/opt/qrm/boot/tftp"), efi, false));
    }

    private static Surroundings around(Path tftp, boolean efi, boolean asRoot) {
        return new Surroundings(
                Ipv4.parse("10.77.0.1").orElseThrow(),
                Ipv4.maskOfLength(24),
                Ipv4.parse("10.77.0.1").orElseThrow(),
                8080,
                Path.of("/run/machines"),
                tftp,
                efi,
                asRoot);
    }

    private static Map<String, String> with(Map<String, String> base, String... more) {
        Map<String, String> all = new HashMap<>(base);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    private static String golden(String name) throws IOException {
        try (InputStream file = DnsmasqConfigurationTest.class.getResourceAsStream("/golden/" + name + ".conf")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
