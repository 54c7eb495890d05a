package org.qrm.plugin.dnsmasq.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;
import org.qrm.api.QrmException;

public class NetworkSettingsTest {

    @Test
    public void isOffUntilSomebodyConfiguresIt() {
        assertEquals(NetworkSettings.NONE, NetworkSettings.parse(Map.of()));
    }

    @Test
    public void readsAnswersOfTheWizardAsTheyAre() {
        Map<String, String> answers = new HashMap<>();
        new DnsmasqWizard().questions().forEach(question -> answers.put(question.name(), question.defaultAnswer()));
        assertEquals(NetworkSettings.NONE, NetworkSettings.parse(answers));
    }

    @Test
    public void needsTheInterfaceToBeNamed() {
        assertEquals(Set.of("interface"), wrong("interface", ""));
    }

    @Test
    public void refusesInterfaceNamesThatDnsmasqWouldReadDifferently() {
        for (String hostile : new String[] {
            "*",
            "eth*",
            "eth0,eth1",
            "eth0:1",
            "eth1\nuser=root",
            "eth1#",
            "-x",
            "lo",
            "abcdefghijklmnop",
            "eth 1",
            "../x"
        }) {
            assertEquals(hostile, Set.of("interface"), wrong("interface", hostile));
        }
    }

    @Test
    public void refusesAddressesThatAreNone() {
        for (String hostile : new String[] {
            "10.0.0",
            "10.0.0.256",
            "010.0.0.1",
            "10.0.0.1\n",
            "10.0.0.1,10.0.0.2",
            "::1",
            "1e1.0.0.1",
            "+1.0.0.1",
            "#",
            "host"
        }) {
            Map<String, String> reasons = NetworkSettings.check(full(Map.of("gateway", hostile + "x", "dns", hostile)));
            assertTrue(hostile, reasons.containsKey("gateway"));
            assertTrue(hostile, reasons.containsKey("dns") || hostile.equals("10.0.0.1\n"));
        }
    }

    @Test
    public void refusesWhatIsNoSizeRouteDomainOrWord() {
        Map<String, List<String>> hostile = Map.of(
                "mtu", List.of("575", "9217", "68", "x", "-1", "1500\nport=53", "01500"),
                "routes",
                        List.of(
                                "10.9.0.0",
                                "10.9.0.0/16",
                                "10.9.0.1/16 10.77.0.1",
                                "10.9.0.0/33 10.77.0.1",
                                "10.9.0.0/16 10.77.0.1,",
                                "10.9.0.0/16,10.77.0.1",
                                "10.9.0.0/016 10.77.0.1",
                                "10.9.0.0/16 10.77.0.1\nport=53",
                                "10.9.0.0/16 gateway"),
                "domain", List.of("localhost", "a..b", "-a", "a_b", "10.0.0.1", "a/b", "a,b", "a\nport=53", "a b"),
                "knownOnly", List.of("yes", "1"),
                "fixedAddresses", List.of("no", "TRUE"));
        hostile.forEach((name, values) -> {
            for (String value : values) {
                assertEquals(name + " " + value, Set.of(name), wrong(name, value));
            }
        });
        for (String mtu : List.of("576", "1500", "9000", "9216", "0")) {
            assertEquals(Set.of(), wrong("mtu", mtu));
        }
        assertEquals(Set.of(), wrong("routes", "0.0.0.0/0 10.77.0.254 ,  10.9.1.2/32   10.77.0.1"));
        assertEquals(Set.of(), wrong("domain", "site.example"));
    }

    @Test
    public void secureBootInEachMode() {
        for (String mode : List.of("off", "full", "FULL", "proxy", "Proxy", "")) {
            for (String secure : List.of("", "false", "http", "true")) {
                boolean refused = mode.equalsIgnoreCase("proxy") && secure.equals("true");
                assertEquals(
                        mode + " with " + secure,
                        refused ? Set.of("secureBoot") : Set.of(),
                        wrong(Map.of("mode", mode, "secureBoot", secure)));
            }
        }
        for (String secure : List.of("yes", "TRUE", "HTTP", "1", "true\nport=53", "tftp")) {
            assertEquals(secure, Set.of("secureBoot"), wrong("secureBoot", secure));
        }
    }

    @Test
    public void saysWhatToDoForSecureBootBesideAnotherServer() {
        String reason = NetworkSettings.check(full(Map.of("mode", "proxy", "secureBoot", "true")))
                .get("secureBoot");
        assertTrue(reason, reason.contains("the signed GRUB looks for its files at the site's own DHCP server"));
        assertTrue(reason, reason.contains("Say http"));
        assertTrue(reason, reason.contains("mode full"));
        assertEquals(
                Map.of("secureBoot", reason),
                new DnsmasqWizard().validate(full(Map.of("mode", "proxy", "secureBoot", "true"))));
        assertThrows(
                QrmException.class, () -> NetworkSettings.parse(full(Map.of("mode", "proxy", "secureBoot", "true"))));
    }

    @Test
    public void refusesALeaseTimeThatIsNone() {
        for (String hostile : new String[] {"12", "1m", "0h", "12h,x", "12h\nport=53", "for ever", "999999h"}) {
            assertEquals(hostile, Set.of("leaseTime"), wrong("leaseTime", hostile));
        }
    }

    @Test
    public void refusesARangeThatRunsBackwardsOrAcrossNetworks() {
        assertEquals(Set.of("rangeEnd"), wrong("rangeEnd", "10.77.0.99"));
        assertEquals(
                Set.of("rangeEnd"),
                NetworkSettings.check(full(Map.of("rangeEnd", "10.77.1.1", "netmask", "255.255.255.0")))
                        .keySet());
        assertEquals(Set.of("netmask"), wrong("netmask", "255.0.255.0"));
    }

    @Test
    public void fullModeNeedsARange() {
        assertEquals(
                Set.of("rangeStart", "rangeEnd"),
                NetworkSettings.check(Map.of("mode", "full", "interface", "eth1"))
                        .keySet());
    }

    @Test
    public void saysEveryReasonAtOnce() {
        QrmException refused = assertThrows(
                QrmException.class, () -> NetworkSettings.parse(Map.of("mode", "maybe", "leaseTime", "soon")));
        assertTrue(refused.getMessage(), refused.getMessage().contains("mode: \"maybe\" is not full, proxy or off"));
        assertTrue(refused.getMessage(), refused.getMessage().contains("leaseTime: \"soon\""));
    }

    private static Set<String> wrong(String name, String value) {
        return wrong(Map.of(name, value));
    }

    private static Set<String> wrong(Map<String, String> changes) {
        return NetworkSettings.check(full(changes)).keySet();
    }

    private static Map<String, String> full(Map<String, String> changes) {
        Map<String, String> all = new HashMap<>(
                Map.of("mode", "full", "interface", "eth1", "rangeStart", "10.77.0.100", "rangeEnd", "10.77.0.200"));
        all.putAll(changes);
        return all;
    }
}
