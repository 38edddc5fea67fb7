/** What we use of fflate, so that a bundle has no more of it. */
export { unzipSync, zipSync } from 'fflate';
