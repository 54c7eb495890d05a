package org.qrm.plugin.dnsmasq.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;
import org.qrm.plugin.dnsmasq.internal.KnownMachines.Machine;

public class KnownMachinesTest {

    private static final Machine WEB = machine(1, "10.77.0.101", "web");

    @Test
    public void aMachineKeepsItsAddressAndHasAName() {
        assertEquals(
                new KnownMachines("52:54:00:aa:00:01,10.77.0.101,web\n", "10.77.0.101 web.site.example web\n"),
                told(Map.of("domain", "site.example"), WEB));
        assertEquals(new KnownMachines("52:54:00:aa:00:01,10.77.0.101\n", ""), told(Map.of(), WEB));
        assertEquals(
                new KnownMachines("52:54:00:aa:00:01,web\n", ""),
                told(Map.of("domain", "site.example", "fixedAddresses", "false"), WEB));
        assertEquals(new KnownMachines("52:54:00:aa:00:01\n", ""), told(Map.of("mode", "proxy"), WEB));
    }

    @Test
    public void whatTwoHaveHadBelongsToTheOneThatWasHeardOfLast() {
        assertEquals(
                "52:54:00:aa:00:01\n52:54:00:aa:00:02,10.77.0.102,web\n52:54:00:aa:00:03\n",
                told(
                                Map.of("domain", "site.example"),
                                machine(2, "10.77.0.102", "web"),
                                machine(1, "10.77.0.102", "WEB"),
                                machine(3, null, null),
                                machine(2, "10.77.0.109", "again"))
                        .hosts());
    }

    @Test
    public void whoWasHeardOfLastChangesNothingElse() {
        Machine other = machine(2, "10.77.0.102", "db");
        assertEquals(told(Map.of("domain", "a.example"), WEB, other), told(Map.of("domain", "a.example"), other, WEB));
    }

    @Test
    public void anAddressThatNoMachineOfThisNetworkHasIsNotTold() {
        for (String address : List.of("10.77.1.101", "10.77.0.1", "10.77.0.0", "10.77.0.255", "192.168.1.2")) {
            assertEquals(
                    address,
                    "52:54:00:aa:00:01\n",
                    told(Map.of(), machine(1, address, "web")).hosts());
        }
    }

    @Test
    public void nothingIsToldWhileItCannotBeAsked() {
        assertEquals(Optional.empty(), KnownMachines.ask(null, null));
        assertTrue(told(Map.of()).hosts().isEmpty());
    }

    private static KnownMachines told(Map<String, String> settings, Machine... machines) {
        Map<String, String> all = new HashMap<>(
                Map.of("mode", "full", "interface", "eth1", "rangeStart", "10.77.0.100", "rangeEnd", "10.77.0.200"));
        all.putAll(settings);
        return KnownMachines.of(
                Arrays.asList(machines),
                NetworkSettings.parse(all),
                Ipv4.parse("10.77.0.1").orElseThrow(),
                Ipv4.maskOfLength(24));
    }

    private static Machine machine(int number, String address, String name) {
        return new Machine(
                "52:54:00:aa:00:0" + number,
                address == null ? null : Ipv4.parse(address).orElseThrow(),
                name);
    }
}
