package org.qrm.netboot.internal;

import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.image.BootImages;
import org.qrm.api.node.Nodes;

/**
 * The services that the server's core brings while it is there. They are dynamic, so that machines are told "starting"
 * (503, they ask again) rather than "no such address" (404) while it is not.
 */
@Component(service = Core.class)
public class Core {

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Nodes nodes;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile BootImages bootImages;

    /** @throws QrmException UNAVAILABLE while it is not there */
    Nodes nodes() {
        return present(nodes);
    }

    /** @throws QrmException UNAVAILABLE while it is not there */
    BootImages bootImages() {
        return present(bootImages);
    }

    /** The nodes service, if it is there. */
    Optional<Nodes> nodesIfPresent() {
        return Optional.ofNullable(nodes);
    }

    private static <T> T present(T service) {
        if (service == null) {
            throw new QrmException(new Problem(
                    Problem.Kind.UNAVAILABLE, "answer", "", "the server is starting", "Ask again in a few seconds."));
        }
        return service;
    }
}
