package org.qrm.http.internal;

import static org.junit.Assert.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.Test;

public class RealClientTest {

    private static final List<String> PROXIES = List.of("10.0.0.1", "192.0.2.0/28", "2001:db8::/32");

    private record Case(String peer, List<String> headers, String client) {}

    private static final List<Case> CASES = List.of(
            new Case("10.0.0.1", List.of("203.0.113.5"), "203.0.113.5"),
            new Case("192.0.2.15", List.of("203.0.113.5"), "203.0.113.5"),
            new Case("[2001:db8::7]", List.of("203.0.113.5"), "203.0.113.5"),
            // who is no proxy says nothing of others
            new Case("203.0.113.5", List.of("10.9.9.9"), "203.0.113.5"),
            new Case("192.0.2.16", List.of("203.0.113.5"), "192.0.2.16"),
            // what the client wrote stands to the left of what the proxy wrote
            new Case("10.0.0.1", List.of("10.9.9.9, 203.0.113.5"), "203.0.113.5"),
            new Case("10.0.0.1", List.of("10.9.9.9", "203.0.113.5"), "203.0.113.5"),
            new Case("10.0.0.1", List.of("10.0.0.1, 203.0.113.5"), "203.0.113.5"),
            new Case("10.0.0.1", List.of("192.0.2.1, 127.0.0.1, 203.0.113.5"), "203.0.113.5"),
            // two proxies, one behind the other
            new Case("10.0.0.1", List.of("203.0.113.5, 192.0.2.2"), "203.0.113.5"),
            new Case("10.0.0.1", List.of("10.9.9.9,203.0.113.5 ,192.0.2.2"), "203.0.113.5"),
            new Case("10.0.0.1", List.of("192.0.2.3, 192.0.2.2"), "192.0.2.3"),
            // with a port, and of version 6
            new Case("10.0.0.1", List.of("203.0.113.5:4711"), "203.0.113.5"),
            new Case("10.0.0.1", List.of("[2001:db9::1]:4711"), "2001:db9:0:0:0:0:0:1"),
            new Case("10.0.0.1", List.of("2001:db9::1"), "2001:db9:0:0:0:0:0:1"),
            // what is no address
            new Case("10.0.0.1", List.of(), "10.0.0.1"),
            new Case("10.0.0.1", List.of(""), "10.0.0.1"),
            new Case("10.0.0.1", List.of("unknown"), "10.0.0.1"),
            new Case("10.0.0.1", List.of("203.0.113.5, localhost"), "10.0.0.1"),
            new Case("10.0.0.1", List.of("203.0.113.5,"), "10.0.0.1"),
            new Case("10.0.0.1", List.of("203.0.113.555"), "10.0.0.1"));

    @Test
    public void believesWhatTrustedProxiesWroteAndNoMore() {
        RealClient filter = new RealClient(PROXIES);
        for (Case one : CASES) {
            assertEquals(one.toString(), one.client, filter.client(one.peer, Collections.enumeration(one.headers)));
        }
    }
}
