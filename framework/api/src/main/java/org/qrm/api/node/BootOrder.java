package org.qrm.api.node;

import java.util.List;
import java.util.Objects;
import org.qrm.api.boot.BootConfiguration;

/**
 * What a boot loader is to start now.
 *
 * @param configuration what to load; null when the machine shall start from its own disk
 * @param networkParameters kernel arguments ({@code qrm.server=…}, a fresh {@code qrm.token=…}) for the modules that
 *     ask for them
 */
public record BootOrder(BootConfiguration configuration, List<String> networkParameters) {
    public BootOrder {
        networkParameters = List.copyOf(Objects.requireNonNull(networkParameters));
    }
}
