package org.qrm.http.internal;

import static org.junit.Assert.assertEquals;

import java.util.Map;
import java.util.Set;
import org.junit.Test;

public class OwnNamesTest {

    private static final Map<String, Boolean> HOSTS = Map.ofEntries(
            Map.entry("localhost", true),
            Map.entry("LOCALHOST:8443", true),
            Map.entry("qrm1.example.org", true),
            Map.entry("qrm1.example.org.", true),
            Map.entry("qrm1.example.org:", true),
            Map.entry("any.wild.example", true),
            Map.entry("10.77.0.1:8080", true),
            Map.entry("203.0.113.9", true),
            Map.entry("[2001:db8::1]:8443", true),
            Map.entry("[::ffff:10.77.0.1]", true),
            Map.entry("", false),
            Map.entry("wild.example", false),
            Map.entry("a.b.wild.example", false),
            Map.entry(".wild.example", false),
            Map.entry("evil.example", false),
            Map.entry("qrm1.example.org.evil.example", false),
            Map.entry("evil-qrm1.example.org", false),
            Map.entry("qrm1.example.org@evil.example", false),
            Map.entry("qrm1.example.org,evil.example", false),
            Map.entry("localhost evil.example", false),
            Map.entry("2130706433", false),
            Map.entry("127.1", false),
            Map.entry("0x7f.0.0.1", false),
            Map.entry("10.77.0.256", false),
            Map.entry("10.77.0.1.evil.example", false),
            Map.entry("2001:db8::1", false),
            Map.entry("[evil.example]", false));

    @Test
    public void knowsItsOwnNamesFromOthers() {
        OwnNames filter = new OwnNames(Set.of("localhost", "qrm1.example.org", "*.wild.example"));
        HOSTS.forEach((host, own) -> assertEquals(host, own, filter.isOwn(host)));
    }
}
