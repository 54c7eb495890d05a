package org.qrm.plugin.xen.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class Ipv4NetworkTest {

    @Test
    public void knowsItsNeighbours() {
        Ipv4Network network = Ipv4Network.parse("192.168.1.10/24").orElseThrow();
        assertTrue(network.hasNeighbour("192.168.1.1"));
        assertFalse(network.hasNeighbour("192.168.2.1"));
        assertFalse(network.hasNeighbour("192.168.1.0"));
        assertFalse(network.hasNeighbour("192.168.1.255"));
        assertFalse(network.hasNeighbour("192.168.1.256"));
    }

    @Test
    public void copesWithNetworksOfTwoAndOfAll() {
        assertTrue(Ipv4Network.parse("10.0.0.0/31").orElseThrow().hasNeighbour("10.0.0.1"));
        assertTrue(Ipv4Network.parse("10.0.0.1/0").orElseThrow().hasNeighbour("192.168.1.1"));
    }

    @Test
    public void isNotReadFromAnythingElse() {
        for (String text : List.of("", "10.0.0.1", "10.0.0.1/33", "10.0.0.300/24", "fe80::1/64")) {
            assertEquals(text, Optional.empty(), Ipv4Network.parse(text));
        }
    }

    @Test
    public void findsTheServersGatewayInTheKernelsTable() {
        List<String> table = List.of(
                "Iface\tDestination\tGateway \tFlags",
                "eth0\t0000A8C0\t00000000\t0001",
                "eth0\t00000000\t0101A8C0\t0003");
        assertEquals(Optional.of("192.168.1.1"), Surroundings.gateway(table));
        assertEquals(Optional.empty(), Surroundings.gateway(table.subList(0, 2)));
    }
}
