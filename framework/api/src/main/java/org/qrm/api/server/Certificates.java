package org.qrm.api.server;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** By what this server proves itself, and what machines are to trust. Each server has its own. */
@ProviderType
public interface Certificates {

    /** The server's, those between it and an authority, then those that are to be trusted. */
    List<ServerCertificate> list();

    /**
     * Has another authority, made now, take the place of the present one, which introduces it: who trusts the present one only goes on
     * doing so, and machines that boot from now on trust the new one.
     *
     * @throws org.qrm.api.QrmException REFUSED while the administrator brings certificates, or while there is a former authority
     *     still; FAILED when it cannot be stored
     */
    void rotateAuthority();

    /**
     * Drops the former authority: who trusts that one only does not know this server any more.
     *
     * @throws org.qrm.api.QrmException REFUSED when there is none; FAILED when it cannot be stored
     */
    void forgetFormerAuthority();
}
