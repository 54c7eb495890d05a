package org.qrm.core.resource;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.qrm.api.resource.MacAddress;

/**
 * How far machines came in their last boot, for those who ask why one does not come up. In memory only: after a restart
 * of the server less is known.
 */
public final class BootProgress {

    private static final int REMEMBERED = 50_000;

    private final Clock clock;
    private final Map<MacAddress, Instant> configurations = new ConcurrentHashMap<>();
    private final Map<MacAddress, Instant> kernels = new ConcurrentHashMap<>();
    private final Map<MacAddress, Instant> images = new ConcurrentHashMap<>();
    private final Map<MacAddress, Instant> helped = new ConcurrentHashMap<>();

    public BootProgress(Clock clock) {
        this.clock = clock;
    }

    /** Its boot loader asked what to boot. */
    public void configured(MacAddress mac) {
        note(configurations, mac);
    }

    /** Its boot loader fetched the kernel. */
    public void kernelFetched(MacAddress mac) {
        note(kernels, mac);
    }

    /** It has mounted its filesystem image, and the system in it starts. */
    public void imageMounted(MacAddress mac) {
        note(images, mac);
    }

    /** Its boot loader hung, and its power was switched off and on. */
    public void helped(MacAddress mac) {
        note(helped, mac);
    }

    /** Since when its boot loader should have fetched a kernel; nothing when it has, or was helped already. */
    public Optional<Instant> inLoaderSince(MacAddress mac, Instant since) {
        Instant configuration = after(configurations.get(mac), since);
        boolean goesOn = configuration == null
                || after(kernels.get(mac), configuration) != null
                || after(helped.get(mac), since) != null;
        return goesOn ? Optional.empty() : Optional.of(configuration);
    }

    private void note(Map<MacAddress, Instant> seen, MacAddress mac) {
        if (seen.size() >= REMEMBERED) {
            seen.clear();
        }
        seen.put(mac, clock.instant());
    }

    /**
     * How far it came since a moment, and what to look at.
     *
     * @param runsIt whether it has registered from the boot image that it was to boot
     */
    public String tell(ResourceRow row, boolean runsIt, Instant since) {
        MacAddress mac = row.resource().mac();
        String said = row.resource().reason().isEmpty()
                ? ""
                : " (the machine said: " + row.resource().reason() + ")";
        Instant kernel = after(kernels.get(mac), since);
        Instant configuration = after(configurations.get(mac), since);
        Instant image = after(images.get(mac), since);
        String text;
        if (runsIt && image != null) {
            text = "mounted its filesystem image, and the system in it was starting until " + second(image) + said
                    + "; look at its console, and at the boot services of its virtual environment";
        } else if (runsIt) {
            text = "registered from its boot image, but did not mount its filesystem image" + said
                    + "; look at its console and at the storage server";
        } else if (kernel != null) {
            text = "fetched its kernel at " + second(kernel) + ", but never registered" + said
                    + "; look at its console, whether the kernel starts, has a driver for the network card, and finds the"
                    + " server";
        } else if (configuration != null) {
            text = "fetched its boot configuration at " + second(configuration) + ", but no kernel" + said
                    + "; look at its console, whether the boot loader finds the server's HTTP port";
        } else {
            text = "was not seen to ask for its boot configuration" + said
                    + "; look whether it has power and boots from the network, and at DHCP";
        }
        return row.resource().name() + " " + text;
    }

    private static Instant after(Instant seen, Instant since) {
        return seen == null || seen.isBefore(since) ? null : seen;
    }

    private static Instant second(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
