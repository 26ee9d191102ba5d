"""The helper process under the name that Calc add-ins made before start it by; it is xltax.faces.calc.helper."""

from xltax.faces.calc.helper import main

if __name__ == "__main__":
    main()
