Attribute VB_Name = "XltaxCalls"
Option Explicit
' This module passes a TAX_ function to Python and puts the answer into the cell. It does no arithmetic.

Private Const MODULE_NAME As String = "xltax.faces.excel_udfs"
Private mProblem As String

Public Function XltaxCall(ByVal functionName As String, ByVal arguments As Variant) As Variant
    ' An answer that begins with character 21 is an error message. The cell gets a real #VALUE!, which SUM does not
    ' skip. The button Why? shows the message.
    Dim answer As Variant
    On Error GoTo Failed
    ' xlwings would look for code in the sheets of a workbook, so no workbook is passed.
    answer = XLPy.CallUDF(MODULE_NAME, functionName, arguments, Nothing, Application.Caller)
    If IsArray(answer) Then
        XltaxCall = EachCell(answer)
    Else
        XltaxCall = OneCell(answer)
    End If
    Exit Function
Failed:
    mProblem = functionName & ": Python could not be reached. Run xltax doctor. (" & Err.Description & ")"
    Debug.Print mProblem
    XltaxCall = CVErr(2015)
End Function

Private Function OneCell(ByVal answer As Variant) As Variant
    OneCell = answer
    If VarType(answer) = vbString Then
        If Left$(answer, 1) = Chr$(21) Then
            ' XltaxWhy clears the message first, so the first wrong cell of a block is kept. The message names its row.
            If mProblem = "" Then mProblem = Mid$(answer, 2)
            Debug.Print Mid$(answer, 2)
            OneCell = CVErr(2015)
        End If
    End If
End Function

Private Function EachCell(ByVal answer As Variant) As Variant
    Dim row As Long, column As Long, last As Long
    last = -1
    On Error Resume Next
    last = UBound(answer, 2) ' a single row has one dimension
    On Error GoTo 0
    For row = LBound(answer, 1) To UBound(answer, 1)
        If last < 0 Then
            answer(row) = OneCell(answer(row))
        Else
            For column = LBound(answer, 2) To last
                answer(row, column) = OneCell(answer(row, column))
            Next column
        End If
    Next row
    EachCell = answer
End Function

Public Function XltaxWhy(ByVal cell As Range) As String
    ' Says what is wrong in a cell that shows #VALUE!: calculates the formula once more and returns its message.
    mProblem = ""
    On Error Resume Next
    If cell.HasArray Then
        cell.CurrentArray.Calculate
    Else
        cell.Calculate
    End If
    On Error GoTo 0
    XltaxWhy = mProblem
    If mProblem = "" Then XltaxWhy = "The formula in this cell has no xltax error."
End Function
