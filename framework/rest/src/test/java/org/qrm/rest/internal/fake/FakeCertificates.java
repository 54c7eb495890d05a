package org.qrm.rest.internal.fake;

import java.time.Instant;
import java.util.List;
import org.qrm.api.QrmException;
import org.qrm.api.server.Certificates;
import org.qrm.api.server.ServerCertificate;
import org.qrm.api.server.ServerCertificate.Use;

/** One authority, or two while one takes the other's place. */
public final class FakeCertificates implements Certificates {

    private boolean isReplaced;

    @Override
    public List<ServerCertificate> list() {
        return isReplaced
                ? List.of(
                        certificate(Use.SERVER, "aa"),
                        certificate(Use.AUTHORITY, "bb"),
                        certificate(Use.AUTHORITY, "cc"))
                : List.of(certificate(Use.SERVER, "aa"), certificate(Use.AUTHORITY, "bb"));
    }

    private static ServerCertificate certificate(Use use, String digest) {
        return new ServerCertificate(use, "CN=server", "CN=authority", Instant.EPOCH, digest.repeat(32));
    }

    @Override
    public void rotateAuthority() {
        if (isReplaced) {
            throw QrmException.refused("rotate", "authority", "there is a former one still", "Forget it first.");
        }
        isReplaced = true;
    }

    @Override
    public void forgetFormerAuthority() {
        if (!isReplaced) {
            throw QrmException.refused("forget", "authority", "there is no former one", "Leave it.");
        }
        isReplaced = false;
    }
}
