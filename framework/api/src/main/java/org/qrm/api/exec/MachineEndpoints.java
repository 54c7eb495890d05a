package org.qrm.api.exec;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Where the qrm-execd of a registered machine listens, and which host key it registered. */
@ProviderType
public interface MachineEndpoints {

    /** Empty for an unknown resource, or one that never registered. */
    Optional<SshHost> endpoint(long resource);
}
