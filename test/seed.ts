import fc from 'fast-check';

// Every run tries the same inputs; PROPERTY_SEED=n tries others.
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 7) });
