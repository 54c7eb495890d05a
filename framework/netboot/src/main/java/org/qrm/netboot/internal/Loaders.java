package org.qrm.netboot.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.qrm.api.resource.MacAddress;

/** Which machine's boot loader asked last from an address: what it fetches next tells how far that machine came. */
final class Loaders {

    private static final int REMEMBERED = 10_000;

    private final Map<String, MacAddress> byAddress = new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, MacAddress> eldest) {
            return size() > REMEMBERED;
        }
    };

    synchronized void asked(String address, MacAddress mac) {
        byAddress.put(address, mac);
    }

    synchronized Optional<MacAddress> of(String address) {
        return Optional.ofNullable(byAddress.get(address));
    }
}
